// How well copies find their story: 1,083 made-up texts with the edits that feeds and aggregators make, and how many
// unlike texts are joined.

import Foundation
import Matching
import Simulation

struct StoryBenchmark {
    private static let texts = 1_083
    private static let least = 0.99
    /// False joins to a pair of distinct texts.
    private static let most = 1.0 / 20_000

    private var dice = Dice(seed: 11)
    /// Common words come often, as in any language (Zipf), and sentences share turns of phrase.
    private var phrases: [[String]] = []

    init() {
        phrases = (0..<400).map { _ in (0..<4).map { _ in word() } }
    }

    private mutating func word() -> String {
        "w\(Int(exp(dice.share() * log(20_000.0))))"
    }

    /// 60 to 400 words; one in six comes from a turn of phrase that other texts have too.
    private mutating func text() -> [String] {
        var words: [String] = []
        let count = 60 + Int(dice.share() * 340)
        while words.count < count {
            words += dice.share() < 0.04 ? phrases[Int(dice.share() * 400)] : [word()]
        }
        return words
    }

    private mutating func edits(_ words: [String]) -> [(name: String, words: [String])] {
        let footer = (0..<25).map { _ in word() }
        let changed = words.map { dice.share() < 0.03 ? word() : $0 }
        let both =
            ["lees", "meer", "op", "onze", "site"] + words.map { dice.share() < 0.05 ? word() : $0 } + footer.prefix(10)
        var cut: [String] = []
        for word in words where cut.joined(separator: " ").count + word.count < 300 { cut.append(word) }
        return [
            ("footer", words + footer), ("3 % changed", changed), ("5 % and boilerplate", both),
            ("300 characters", cut),
        ]
    }

    func run() -> Bool {
        var bench = self
        return bench.measure()
    }

    private mutating func measure() -> Bool {
        let now = Date(timeIntervalSince1970: 1_772_438_400)
        var index = StoryIndex()
        var falseJoins = 0
        var originals: [(id: Int, words: [String])] = []
        for _ in 0..<Self.texts {
            let words = text()
            let found = index.story(for: Self.sketch(words), at: now)
            if found.likeness != nil { falseJoins += 1 }
            originals.append((found.id, words))
        }
        var joined: [String: Int] = [:]
        for original in originals {
            for edit in edits(original.words) {
                let found = index.story(for: Self.sketch(edit.words), at: now)
                if found.id == original.id {
                    joined[edit.name, default: 0] += 1
                } else if found.likeness != nil {
                    falseJoins += 1
                }
            }
        }
        let shares = joined.mapValues { Double($0) / Double(Self.texts) }
        for (name, share) in shares.sorted(by: { $0.key < $1.key }) { print("\(name): \(share) joined") }
        let pairs = Double(Self.texts * (Self.texts - 1) / 2)
        print("\(falseJoins) false joins in \(Int(pairs)) pairs of distinct texts")
        return shares.count == 4 && shares.values.allSatisfy { $0 >= Self.least }
            && Double(falseJoins) / pairs <= Self.most
    }

    private static func sketch(_ words: [String]) -> StorySketch {
        StorySketch(title: "", text: words.joined(separator: " "))
    }
}
