// A silence as mentions meet it: checked when it is made, and its matchers read once.

package import FoundationEssentials
package import Model

/// A silence whose matchers were read.
package struct SilenceRule: Sendable, Equatable {
    package let silence: Silence
    private let matchers: [Matcher]

    /// Whoever wants more than this forgets that there is one: it is no way to mute a watch for good.
    /// In seconds; nor does it begin later than that.
    package static let longest: TimeInterval = 366 * 86_400
    private static let longestText = 1_024

    /// - Throws: why it is none, for whoever typed it.
    package init(_ silence: Silence) throws(MatcherError) {
        guard !silence.matchers.isEmpty else { throw MatcherError("a silence names at least one matcher") }
        guard silence.starts < silence.ends else { throw MatcherError("a silence ends after it begins") }
        guard silence.ends.timeIntervalSince(silence.starts) <= Self.longest else {
            throw MatcherError("a silence lasts a year at most")
        }
        guard !silence.reason.isEmpty else { throw MatcherError("a silence has a reason") }
        guard silence.reason.utf8.count <= Self.longestText, silence.author.utf8.count <= Self.longestText else {
            throw MatcherError("a silence's reason and author have at most 1,024 bytes")
        }
        guard silence.matchers.count <= 20 else { throw MatcherError("a silence names at most 20 matchers") }
        self.silence = silence
        var matchers: [Matcher] = []
        for text in silence.matchers { matchers.append(try Matcher(text)) }
        self.matchers = matchers
    }

    package func holds(back mention: Mention, at now: Date) -> Bool {
        silence.starts <= now && now < silence.ends && matchers.allSatisfy { $0.matches(mention) }
    }
}
