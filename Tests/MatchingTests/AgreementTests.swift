// The compiled matcher against the oracle, on random queries and documents that share their words.

import Foundation
import Matching
import Model
import Simulation
import Testing

/// Makes queries and texts of few words, so that they meet often.
struct Maker {
    var dice: Dice

    /// Pairs and more that fold together, and near misses.
    static let words = [
        "klm", "KLM", "Klm_nl", "acme", "Ácme", "A\u{301}cme", "één", "e\u{301}e\u{301}n", "een", "straße", "STRASSE",
        "strasse", "ĳs", "ijs", "İstanbul", "istanbul", "ﬁets", "fiets", "ＫＬＭ", "klacht", "klachten", "klachtbrief",
        "oorklacht", "bank", "acmebank", "test", "tekst", "ΟΔΟΣ", "οδός", "Москва", "москва", "한국",
        "\u{1112}\u{1161}\u{11AB}국",
        "9292", "x", "internationaliseringscommissie", "internationaliseringscommissies", "𝐊𝐋𝐌", "łódź", "lodz",
        "ŒUVRE",
    ]
    static let alone = ["京", "都", "東", "か", "が", "か\u{3099}", "ガ", "😡", "👍", "👍🏽", "🇳🇱", "🇧🇪", "👩‍💻", "👩", "❤️", "❤"]
    static let gaps = [
        " ", " ", " ", " ", " ", ", ", "-", "‑", "–", "'", "’", ".", "/", "\n", "\r\n", "\u{A0}", "\n\n", "\r\n\r\n",
        "\n \n",
        "\u{2029}", " #", " @", "#", "@", "™ ", "\n-\n", " ½ ", "\u{200B}", "\u{AD}", " \u{200B}", "", "_", "\u{301} ",
    ]
    static let patterns = [
        "klacht*", "kla*", "*klacht", "*klacht*", "*bank", "*nk", "te?t", "t*t", "*erna*nali*", "kl?", "ac*nk", "k?m",
        "мос*", "*σκ*",
        "inter*", "internationaliseringscommissi*", "*commissies", "strass*", "??st", "e*n",
    ]

    mutating func word() -> String { dice.roll(5) == 0 ? dice.pick(Self.alone) : dice.pick(Self.words) }

    mutating func text(_ most: Int) -> String {
        var text = dice.roll(6) == 0 ? dice.pick(Self.gaps) : ""
        for _ in 0..<dice.roll(most + 1) { text += word() + dice.pick(Self.gaps) }
        return text
    }

    /// A term, NEAR or group of them.
    mutating func positional(_ depth: Int) -> Wish {
        switch dice.roll(depth > 0 ? 13 : 9) {
        case 0...3: return .word(word())
        case 4: return .phrase((0..<(2 + dice.roll(2))).map { _ in word() })
        case 5: return .wildcard(dice.pick(Self.patterns))
        case 6: return dice.roll(2) == 0 ? .hashtag(dice.pick(Self.words)) : .mention(dice.pick(Self.words))
        case 7: return .raw(word())
        case 8: return .window((0..<(2 + dice.roll(2))).map { _ in word() }, dice.roll(4))
        case 9: return .any([positional(depth - 1), positional(depth - 1)])
        default: return .near(positional(depth - 1), positional(depth - 1), dice.roll(5), ordered: dice.roll(2) == 0)
        }
    }

    mutating func query(_ depth: Int) -> Wish {
        switch dice.roll(depth > 0 ? 10 : 3) {
        case 0...2: return positional(2)
        case 3...5: return .all([query(depth - 1), query(depth - 1)])
        case 6, 7: return .any([query(depth - 1), query(depth - 1)])
        case 8: return .all([query(depth - 1), .not(query(depth - 1))])
        default: return .field(dice.pick([.title, .body, .author]), positional(1))
        }
    }
}

@Suite struct AgreementTests {
    private static let rounds = 13
    private static let queriesPerRound = 25
    private static let documentsPerRound = 20

    /// 16 seeds of 13 rounds of 25 queries on 20 documents are 104,000 pairs.
    @Test("The matcher agrees with the oracle on random queries and texts", arguments: 1...16)
    func agreesWithTheOracle(seed: Int) throws {
        var maker = Maker(dice: Dice(seed: UInt64(seed)))
        var hitCount = 0
        for _ in 0..<Self.rounds {
            let wishes = (0..<Self.queriesPerRound).map { _ in maker.query(2) }
            let set = WatchSet(try wishes.map { try Query($0.query) })
            for _ in 0..<Self.documentsPerRound {
                let document = Document(title: maker.text(4), body: maker.text(12), author: maker.text(2))
                hitCount += try check(document, wishes, set)
            }
        }
        #expect(hitCount > 300, "the words meet too seldom to show anything")
    }

    /// Parts of every kind, some of them in many places.
    private static var everyKind: [Wish] {
        [
            .word("klm"), .hashtag("klm"), .mention("acme"), .wildcard("kl*"), .wildcard("*cm*"), .raw("KLM"),
            .phrase(["klm", "acme"]), .phrase(["acme", "acme"]), .window(["klm", "acme"], 2),
            .window(["bank", "bank"], 1),
            .near(.word("acme"), .hashtag("klm"), 3, ordered: false),
            .near(.raw("KLM"), .word("acme"), 1, ordered: true),
            .near(.word("klm"), .phrase(["klm", "acme"]), 5, ordered: false),
            .near(.word("bank"), .word("bank"), 2, ordered: true),
            .near(.near(.word("bank"), .word("acme"), 9, ordered: true), .mention("klm"), 70, ordered: false),
            .near(
                .near(.word("klm"), .hashtag("acme"), 1, ordered: true),
                .any([.word("bank"), .phrase(["klm", "klm"])]), 4,
                ordered: false),
            .any([.mention("klm"), .near(.word("acme"), .word("bank"), 0, ordered: false)]),
            .all([.word("acme"), .word("klm"), .not(.phrase(["bank", "klm", "bank", "klm", "bank"]))]),
            .field(.author, .word("bank")), .field(.title, .near(.word("klm"), .word("bank"), 2, ordered: false)),
            .any([.field(.author, .window(["klm", "bank"], 1)), .field(.body, .any([.hashtag("bank"), .raw("klm")]))]),
        ]
    }

    /// Texts of more words than are looked at first, where the last place that is told is now among those, now behind.
    @Test("Of very many places the first are told", arguments: 1...4)
    func theFirstPlacesAreTold(rarity: Int) throws {
        var dice = Dice(seed: UInt64(600 + rarity))
        func text(_ count: Int) -> String {
            (0..<count).map { _ in
                let word = dice.roll(rarity) == 0 ? dice.pick(["klm", "KLM", "acme", "bank"]) : "x"
                return word + (dice.roll(30) == 0 ? "\n\n" : dice.pick([" ", " ", " #", " @", ", "]))
            }.joined()
        }
        let document = Document(title: text(20 * rarity), body: text(1200), author: text(200))
        let oracle = Oracle(title: document.title, body: document.body, author: document.author)
        let hits = WatchSet(try Self.everyKind.map { try Query($0.query) }).matches(in: document)
        for hit in hits {
            let wish = Self.everyKind[hit.query]
            let first = oracle.spans(wish).sorted { $0.isBefore($1) }.prefix(Hit.matchLimit)
            #expect(hit.matches.map(Span.init) == Array(first), "\(wish.query)")
        }
        #expect(hits.count { $0.matches.count == Hit.matchLimit } > 5, "too few places to show anything")
    }

    /// - Returns: how many queries matched.
    private func check(_ document: Document, _ wishes: [Wish], _ set: WatchSet) throws -> Int {
        let oracle = Oracle(title: document.title, body: document.body, author: document.author)
        let hits = set.matches(in: document)
        let expected = wishes.indices.filter { oracle.matches(wishes[$0]) }
        try #require(
            hits.map(\.query) == expected,
            "\(Set(hits.map(\.query)).symmetricDifference(expected).map { wishes[$0].query }) in \(document)")
        for hit in hits where hit.matches.count < Hit.matchLimit {
            try #require(
                Set(hit.matches.map(Span.init)) == oracle.spans(wishes[hit.query]),
                "\(wishes[hit.query].query) in \(document)")
        }
        return hits.count
    }
}

extension Span {
    fileprivate init(_ match: Match) {
        self.init(field: match.field, start: match.scalars.lowerBound, end: match.scalars.upperBound)
    }

    /// Whether it comes first in the order of fields and of the text.
    fileprivate func isBefore(_ other: Span) -> Bool {
        let order: [Field] = [.title, .body, .author]
        let (own, others) = (order.firstIndex(of: field) ?? 3, order.firstIndex(of: other.field) ?? 3)
        return (own, start, end) < (others, other.start, other.end)
    }
}
