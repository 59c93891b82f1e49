// The `digest` and the `spike` of a route.

import Alerting
import FoundationEssentials
import Yams

struct DigestReader {
    let file: YAMLFile

    private static let keys = ["at", "weekdays", "location", "every", "top", "empty"]
    /// A message that a person reads.
    private static let mostTop = 100

    func read(_ route: Section) -> Digest? {
        guard let section = route.section("digest", knowing: Self.keys), let rhythm = rhythm(section) else {
            return nil
        }
        var digest = Digest(rhythm)
        digest.top = section.number("top", in: 1...Double(Self.mostTop)).map { Int($0) } ?? digest.top
        digest.comesEmpty = section.bool("empty") ?? false
        return digest
    }

    private func rhythm(_ section: Section) -> Digest.Rhythm? {
        switch (section.node("at"), section.node("every")) {
        case (nil, nil), (.some, .some):
            file.problem("a digest comes either `at` a time of day or `every` so often", at: section.node)
            return nil
        case (.some, nil):
            let weekdays = section.ranges("weekdays", names: Section.weekdays, from: 0, 0...6)
            guard let minute = section.minute("at"), let zone = section.zone() else { return nil }
            return .daily(minute: minute, weekdays: weekdays, zone: zone)
        case (nil, .some(let node)):
            guard let seconds = section.seconds("every") else { return nil }
            guard (60...604_800).contains(seconds) else {
                file.problem("`every` is between 1m and 7d", at: node)
                return nil
            }
            return .every(seconds)
        }
    }
}

struct SpikeReader {
    let file: YAMLFile

    func read(_ route: Section) -> SpikeRule? {
        let keys = ["window", "sigma", "minimum", "drops", "alone"]
        guard let section = route.section("spike", knowing: keys) else { return nil }
        var rule = SpikeRule()
        rule.sigma = section.number("sigma", in: 0.5...20) ?? rule.sigma
        rule.minimum = section.number("minimum", in: 1...1_000_000).map { Int($0) } ?? rule.minimum
        rule.tellsDrops = section.bool("drops") ?? rule.tellsDrops
        rule.isAlone = section.bool("alone") ?? false
        if let window = section.seconds("window"), let node = section.node("window") {
            rule.window = window
            if !(900...86_400).contains(window) || window.truncatingRemainder(dividingBy: 900) != 0 {
                file.problem("`window` is between 15m and 1d, and a multiple of 15m", at: node)
            }
        }
        return rule
    }
}
