// The corpus that matching is measured on, made anew and always the same: words of Dutch and English shape with a Zipf
// distribution, one in twenty not ASCII, and now and then a brand; queries as PR teams write them.

import Matching
import Model
import Simulation

struct Corpus {
    /// The most frequent words first.
    private let vocabulary: [String]
    private let brands: [String]
    /// Cumulative weights of the vocabulary's ranks: 1/rank.
    private let weights: [Double]
    private var dice = Dice(seed: 20)

    private static let frequent = """
        de het een van en in is dat op te voor met zijn die niet aan er om ook als dan maar bij nog uit naar heeft the of \
        and to a in that it was for on are with as his they be at one have this from or had by but not what all were we \
        when your can said there use an each which she do how their if will up other about out many then them these so \
        some her would make like him into time has look two more write go see number no way could people my than first \
        been call who its now find long down day did get come made may part dit wordt door over meer geen wel jaar onze \
        worden deze zo kan werd hebben tot had hun moet waar veel daar goed gaan mensen tijd weer alle nieuwe eerste
        """
    private static let syllables = """
        ver ge be ont aan uit op in ing heid schap lijk baar maat werk huis stad land weg dag tijd kind man vrouw school \
        straat brief klacht dienst bank trein vlucht prijs winkel pakket levering storing con pro ter per tion ment able \
        ness ship over under out per form port ject duct tract spect ceive press vent serv stor deliv er ing ed ly al ive \
        ta ro mi ka lo ne si du ven der len ken gen sen ren bel dal kor mar ton ber lin bor gan fen rij ster
        """

    /// - Parameters:
    ///   - count: how many names of brands there are.
    ///   - vocabulary: how many other words.
    init(brands count: Int, vocabulary size: Int = 50_000) {
        var dice = Dice(seed: 10)
        let syllables = Self.syllables.split(separator: " ").map(String.init)
        var words = Self.frequent.split(separator: " ").map(String.init)
        var known = Set(words)
        while words.count < size {
            let word = (0..<(1 + dice.roll(4))).map { _ in dice.pick(syllables) }.joined()
            if known.insert(word).inserted { words.append(word) }
        }
        var names: [String] = []
        while names.count < count {
            let name =
                (0..<(2 + dice.roll(2))).map { _ in dice.pick(syllables) }.joined()
                + dice.pick(["ix", "o", "ly", "a", "eq"])
            if known.insert(name).inserted { names.append(name) }
        }
        vocabulary = words
        brands = names
        var total = 0.0
        weights = words.indices.map { rank in
            total += 1 / Double(rank + 1)
            return total
        }
    }

    private mutating func word() -> String {
        let target = Double.random(in: 0..<weights[weights.count - 1], using: &dice)
        var (low, high) = (0, weights.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if weights[middle] > target { high = middle } else { low = middle + 1 }
        }
        return vocabulary[low]
    }

    private mutating func brand() -> String { dice.pick(brands) }

    // MARK: - Documents

    private static let accents: [Character: String] = [
        "a": "á", "e": "é", "i": "ï", "o": "ö", "u": "ü", "n": "ñ", "s": "ß",
    ]

    private mutating func written() -> String {
        var text = dice.roll(400) == 0 ? brand() : word()
        if dice.roll(20) == 0 {
            var replaced = false
            text = text.map { letter -> String in
                guard !replaced, let accent = Self.accents[letter] else { return String(letter) }
                replaced = true
                return accent
            }.joined()
            if !replaced { text += "é" }
        }
        return dice.roll(8) == 0 ? text.prefix(1).uppercased() + text.dropFirst() : text
    }

    /// A post of about 1.5 kB.
    mutating func document() -> Document {
        var body = ""
        while body.utf8.count < 1450 {
            body += written()
            switch dice.roll(40) {
            case 0: body += ".\n\n"
            case 1...2: body += ". "
            case 3...5: body += ", "
            case 6: body += "’s "
            case 7: body += "-"
            default: body += " "
            }
        }
        let title = (0..<6).map { _ in written() }.joined(separator: " ")
        return Document(title: title, body: body, url: "https://example.nl/1", language: "nl")
    }

    // MARK: - Queries

    private mutating func group(_ count: Int, _ term: (inout Corpus) -> String) -> String {
        "(" + (0..<count).map { _ in term(&self) }.joined(separator: " OR ") + ")"
    }

    private mutating func contextWord() -> String { vocabulary[100 + dice.roll(5000)] }

    /// 1–20 literals: names of a brand, then perhaps what it is mentioned with, NEAR, and NOT.
    mutating func query() -> String {
        let names = group(1 + dice.roll(4)) { corpus in
            switch corpus.dice.roll(6) {
            case 0: "\"\(corpus.brand()) \(corpus.contextWord())\""
            case 1: "@" + corpus.brand()
            default: corpus.brand()
            }
        }
        let context = group(1 + dice.roll(10)) { corpus in
            switch corpus.dice.roll(8) {
            case 0: corpus.contextWord() + "*"
            case 1: "\"\(corpus.contextWord()) \(corpus.contextWord())\""
            default: corpus.contextWord()
            }
        }
        let unwanted = group(1 + dice.roll(5)) { $0.contextWord() }
        switch dice.roll(5) {
        case 0: return names
        case 1: return "\(names) AND \(context)"
        case 2: return "\(names) NEAR/\(3 + dice.roll(8)) \(context)"
        case 3: return "\(names) NOT \(unwanted)"
        default: return "\(names) AND \(context) NOT \(unwanted)"
        }
    }

    /// 6–20 literals from the whole vocabulary, each nearly as rare as a name: the most that a set has to hold.
    mutating func longQuery() -> String {
        func literal(_ corpus: inout Corpus) -> String {
            let word = corpus.dice.pick(corpus.vocabulary)
            switch corpus.dice.roll(16) {
            case 0...1: return "\"\(word) \(corpus.dice.pick(corpus.vocabulary))\""
            case 2: return word + "*"
            case 3: return "#" + word
            default: return word
            }
        }
        let (names, context, unwanted) = (
            group(2 + dice.roll(5), literal), group(2 + dice.roll(6), literal), group(2 + dice.roll(6), literal)
        )
        switch dice.roll(3) {
        case 0: return "\(names) AND \(context) NOT \(unwanted)"
        case 1: return "\(names) NEAR/\(3 + dice.roll(8)) \(context) NOT \(unwanted)"
        default: return "\(names) AND \(context) AND \(unwanted)"
        }
    }
}
