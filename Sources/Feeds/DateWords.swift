// The words that stand in dates: months in the languages feeds are written in, halves of the day, zones. A word is
// looked up by a hash of its bytes in lower case, so that the usual date makes no String.

/// What a word means in a date.
package enum DateWord: Sendable, Equatable {
    case month(Int)
    case morning, afternoon
    /// Seconds east of UTC.
    case zone(Int)
    /// A place of the time zone database, for a name that means summer time in summer.
    case place(String)
    /// Weekdays, "at", "uhr", "de": known, and of no use.
    case nothing
}

package enum DateWords {
    /// The meaning of a word in any case, ASCII's case that is.
    package static func look(_ word: String) -> DateWord? {
        var word = word
        return word.withUTF8 { look($0.span) }
    }

    static func look(_ word: Span<UInt8>) -> DateWord? {
        table[word.foldedHash]
    }

    private static let table: [UInt64: DateWord] = {
        var table: [UInt64: DateWord] = [:]
        for (word, meaning) in words { table[Array(word.utf8).span.foldedHash] = meaning }
        return table
    }()

    /// Every word with its meaning; of equal words the last counts, so English stands at the end.
    static var words: [(word: String, meaning: DateWord)] {
        var words: [(String, DateWord)] = ignored.split(separator: " ").map { (String($0), .nothing) }
        for list in months.reversed() {
            for (index, month) in list.split(separator: " ").enumerated() {
                words += month.split(separator: "/").flatMap { forms(of: String($0)) }.map { ($0, .month(index + 1)) }
            }
        }
        for (list, meaning) in halves { words += list.split(separator: " ").map { (String($0), meaning) } }
        for (minutes, names) in zones { words += names.split(separator: " ").map { (String($0), .zone(minutes * 60)) } }
        words += places.map { ($0, .place($1)) }
        return words
    }

    /// A month's name as it is, and capitalised where that does more than ASCII.
    private static func forms(of name: String) -> [String] {
        let capital = name.prefix(1).uppercased() + name.dropFirst()
        return [name, capital, name.uppercased()]
    }

    /// One line a language, one column a month, its forms separated by slashes. English is first, so it wins.
    private static let months = [
        """
        january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept october/oct \
        november/nov december/dec
        """,
        "januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sep oktober/okt november/nov december/dec",
        "januar/jänner/jän/jan februar/feber/feb märz/mär/mrz/maerz april/apr mai juni/jun juli/jul august/aug september/sep oktober/okt november/nov dezember/dez",
        """
        janvier/janv/jan février/févr/fév/fevrier/fevr/fev mars/mar avril/avr mai juin/jun juillet/juil/jul août/aoû/aout/aou \
        septembre/sept/sep octobre/oct novembre/nov décembre/déc/decembre/dec
        """,
        "enero/ene febrero/feb marzo/mar abril/abr mayo/may junio/jun julio/jul agosto/ago septiembre/setiembre/sep/set octubre/oct noviembre/nov diciembre/dic",
        """
        styczeń/stycznia/sty luty/lutego/lut marzec/marca/mar kwiecień/kwietnia/kwi maj/maja czerwiec/czerwca/cze \
        lipiec/lipca/lip sierpień/sierpnia/sie wrzesień/września/wrz październik/października/paź/paz \
        listopad/listopada/lis grudzień/grudnia/gru
        """,
        "gennaio/gen febbraio/feb marzo/mar aprile/apr maggio/mag giugno/giu luglio/lug agosto/ago settembre/set/sett ottobre/ott novembre/nov dicembre/dic",
        "janeiro/jan fevereiro/fev março/mar/marco abril/abr maio/mai junho/jun julho/jul agosto/ago setembro/set outubro/out novembro/nov dezembro/dez",
        "januar/jan februar/feb marts/mar april/apr maj juni/jun juli/jul august/aug september/sep oktober/okt november/nov december/dec",
        "januari/jan februari/feb mars/mar april/apr maj juni/jun juli/jul augusti/aug september/sep oktober/okt november/nov december/dec",
        "januar/jan februar/feb mars/mar april/apr mai juni/jun juli/jul august/aug september/sep oktober/okt november/nov desember/des",
        "tammikuuta/tammi helmikuuta/helmi maaliskuuta/maalis huhtikuuta/huhti toukokuuta/touko kesäkuuta/kesä heinäkuuta/heinä elokuuta/elo syyskuuta/syys lokakuuta/loka marraskuuta/marras joulukuuta/joulu",
        "leden/ledna/led únor/února/úno březen/března/bře duben/dubna/dub květen/května/kvě červen/června/čvn červenec/července/čvc srpen/srpna/srp září/zář říjen/října/říj listopad/listopadu prosinec/prosince/pro",
        "január/jan február/febr március/márc április/ápr május/máj június/jún július/júl augusztus/aug szeptember/szept október/okt november/nov december/dec",
        "января/январь/янв февраля/февраль/фев/февр марта/март/мар апреля/апрель/апр мая/май июня/июнь/июн июля/июль/июл августа/август/авг сентября/сентябрь/сен/сент октября/октябрь/окт ноября/ноябрь/ноя/нояб декабря/декабрь/дек",
        "ιανουαρίου/ιαν φεβρουαρίου/φεβ/φεβρ μαρτίου/μάρ/μαρ/μαρτ απριλίου/απρ μαΐου/μάι/μαϊ/μαι ιουνίου/ιούν/ιουν/ιον ιουλίου/ιούλ/ιουλ/ιολ αυγούστου/αύγ/αυγ σεπτεμβρίου/σεπ/σεπτ οκτωβρίου/οκτ νοεμβρίου/νοέ/νοε/νοεμ δεκεμβρίου/δεκ",
        "ocak/oca şubat/şub mart/mar nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara",
    ]

    private static let halves: [(String, DateWord)] = [
        ("am a.m a.m. vorm 오전 午前 上午", .morning), ("pm p.m p.m. nachm 오후 午後 下午", .afternoon),
    ]

    /// Words that could be taken for something else, or that a stricter reader would trip over.
    private static let ignored = """
        mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday tues thur thurs \
        ma di wo do vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag mo mi fr sa so \
        montag dienstag mittwoch donnerstag freitag samstag sonntag lun mar mer jeu ven sam dim mié jue vie sáb dom \
        at on of the um uhr om uur à le de del den kl klo o'clock st nd rd th er t h min r
        """

    /// Minutes east of UTC. RFC 5322, 4.3, then what people write; where a name has two meanings, the more common one
    /// (CST is Chicago, IST is India, BST is London).
    private static let zones: [(minutes: Int, names: String)] = [
        (0, "z ut utc gmt wet uct"), (60, "cet met mez bst west ist-ie wat"), (120, "cest mest mesz eet sast cat"),
        (180, "eest msk fet eat trt"), (240, "msd gst samt"), (270, "aft"), (300, "pkt yekt"), (330, "ist"),
        (345, "npt"),
        (360, "bdt omst"), (420, "ict wib krat"), (480, "sgt hkt awst pht myt wita irkt"), (540, "jst kst wit yakt"),
        (570, "acst"), (600, "aest vlat"), (630, "acdt"), (660, "aedt"), (720, "nzst"), (780, "nzdt"),
        (-60, "azot"), (-120, "brst uyst"), (-150, "ndt"), (-180, "brt art adt clst uyt"), (-210, "nst"),
        (-240, "ast edt clt"), (-300, "est cdt pet cot ect"), (-360, "cst mdt"), (-420, "mst pdt"),
        (-480, "pst akdt"), (-540, "akst"), (-600, "hst hast"),
    ]

    /// American feeds write these all the year.
    private static let places = [
        ("et", "America/New_York"), ("ct", "America/Chicago"), ("mt", "America/Denver"), ("pt", "America/Los_Angeles"),
    ]
}
