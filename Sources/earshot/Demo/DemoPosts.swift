// What people write on the demo's web, and when. The bank, the sites and the people do not exist.

import Foundation

/// A post of a demo site.
struct DemoPost: Sendable {
    /// Seconds after the demo began.
    var after: TimeInterval
    var author: String
    var title: String
    /// HTML, as sites write it.
    var body: String
}

enum DemoPosts {
    static let news = [
        DemoPost(
            after: -900, author: "redactie", title: "Haven krijgt nieuwe kade",
            body: "<p>De gemeente legt een kade van 300 meter aan.</p>"),
        DemoPost(
            after: -600, author: "redactie", title: "Zeebank opent kantoor aan de Maas",
            body: "<p>De <b>Zee</b>bank opent in mei een kantoor in Rotterdam, zegt een woordvoerder.</p>"),
        DemoPost(
            after: 6, author: "redactie", title: "Storing bij Zeebank: betalen lukt niet overal",
            body: "<p>Klanten van Zeebank melden een storing in de app.</p><p>De oorzaak is onbekend.</p>"),
        DemoPost(
            after: 21, author: "redactie", title: "Rente stijgt licht",
            body: "<p>Spaarders merken er voorlopig weinig van.</p>"),
        DemoPost(
            after: 33, author: "redactie", title: "Storing voorbij",
            body: "<p>De bank (ZEEBANK) zegt dat alles weer werkt &amp; biedt excuses aan.</p>"),
    ]

    static let forum = [
        DemoPost(
            after: -300, author: "Joke", title: "Welke spaarrekening?",
            body: "<p>Ik twijfel tussen twee banken &ndash; tips?</p>"),
        DemoPost(
            after: 3, author: "pieter_v", title: "Re: Welke spaarrekening?",
            body: "<p>Zit al jaren bij de Zee&shy;bank, nooit een klacht gehad.</p>"),
        DemoPost(
            after: 11, author: "Marjan", title: "App werkt niet?",
            body: "<p>Bij iemand anders ook? @zeebank reageert niet, app werkt niet sinds 8:00.</p>"),
        DemoPost(
            after: 16, author: "tomh", title: "Re: App werkt niet?",
            body: "<p>Same here, locked out of my Zeebank account 😡</p>"),
        DemoPost(
            after: 27, author: "Joke", title: "Vakantie",
            body: "<p>Iemand ervaring met een zeebankje aan de kust?</p>"),
    ]

    static let reviews = [
        DemoPost(
            after: -120, author: "A. de Boer", title: "Prima hypotheekadvies",
            body: "Goed geholpen door Zeebank, snel en duidelijk."),
        DemoPost(
            after: 9, author: "Sven", title: "Waiting for days",
            body: "Zeebank support never answers. Third klachtformulier sent, no reply."),
        DemoPost(
            after: 24, author: "L. Jansen", title: "Nette winkel",
            body: "Mooie meubels, ook een bank gekocht met uitzicht op zee."),
    ]
}
