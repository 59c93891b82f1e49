// The words that people say instead of dates, in Dutch, English, German, French and Spanish.

/// What a word says about a date.
enum DateSpeech: Equatable {
    case now
    case daysBack(Int)
    /// Monday is 0.
    case weekday(Int)
    /// In seconds.
    case unit(Double)
    /// "a", "een", "einer": one of what follows.
    case one
    /// "ago", "geleden", "vor", "hace".
    case back

    /// A Gregorian year on average, in seconds.
    static let year = 31_556_952.0

    static func look(_ word: String) -> DateSpeech? { table[word] }

    private static let table: [String: DateSpeech] = {
        var table: [String: DateSpeech] = [:]
        for (meaning, words) in words {
            for word in words.split(separator: " ") { table[String(word)] = meaning }
        }
        for (day, words) in weekdays.enumerated() {
            for word in words.split(separator: " ") { table[String(word)] = .weekday(day) }
        }
        return table
    }()

    /// French "y" and "a" are left out: "il" before a number says enough.
    private static let words: [(DateSpeech, String)] = [
        (.now, "now zojuist zonet nu jetzt gerade eben maintenant l'instant l’instant ahora moments moment momenten"),
        (.daysBack(0), "today vandaag heute aujourd'hui aujourd’hui hoy"),
        (.daysBack(1), "yesterday gisteren gestern hier ayer"),
        (.daysBack(2), "eergisteren vorgestern avant-hier anteayer"),
        (.one, "a an een één ein eine einem einer einen un une una uno one"),
        (.back, "ago geleden terug vor il hace"),
        (.unit(1), "s sec secs second seconds seconde seconden secondes sekunde sekunden sek segundo segundos seg"),
        (.unit(60), "m min mins minute minutes minuut minuten minuutje minuto minutos"),
        (.unit(3_600), "h hr hrs hour hours u uur uren stunde stunden std heure heures hora horas"),
        (.unit(86_400), "d day days dag dagen dgn tag tage tagen jour jours día días dia dias"),
        (.unit(604_800), "w wk wks week weeks weken woche wochen semaine semaines sem semana semanas"),
        // A Gregorian month and year on average.
        (.unit(2_629_746), "mo mos month months maand maanden mnd monat monate monaten mois mes meses"),
        (.unit(year), "y yr yrs year years jaar jaren jahr jahre jahren ans année années annee año años ano"),
    ]

    private static let weekdays = [
        "monday mon maandag ma montag lundi lunes", "tuesday tue tues dinsdag di dienstag mardi martes",
        "wednesday wed woensdag wo mittwoch mercredi miércoles miercoles",
        "thursday thu thur thurs donderdag donnerstag jeudi jueves",
        "friday fri vrijdag vr freitag vendredi viernes", "saturday sat zaterdag za samstag samedi sábado sabado",
        "sunday sun zondag zo sonntag dimanche domingo",
    ]
}
