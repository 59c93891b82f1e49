// What a site asks of crawlers (RFC 9309). A value: it reads bytes and answers; who fetches and keeps it is another
// matter.

package import FoundationEssentials

/// The rules of one robots.txt for one crawler.
package struct Robots: Sendable, Equatable {
    /// Nothing after this many bytes is read (RFC 9309, 2.5 asks for at least 500 KiB).
    package static let bytesRead = 500 << 10
    /// How long an answer may be kept (RFC 9309, 2.4), in seconds.
    package static let lifetime: TimeInterval = 86_400

    /// The least time between two requests that the site asks for, at most five minutes: what asks for more would be
    /// asked for less politely by a ban.
    package private(set) var crawlDelay: Duration?
    private var rules: [Rule] = []
    private let refusesAll: Bool

    /// Bytes that these rules take in memory, about: up to 4 MB, for a file that is nothing but short ones.
    package var size: Int { rules.reduce(128) { $0 + $1.pattern.count + 64 } }

    fileprivate struct Rule: Sendable, Equatable {
        var allows: Bool
        /// Percent-encoded as `RobotsPath` has it, with `*` and a final `$` as they stand.
        var pattern: [UInt8]
    }

    /// Everything is allowed: there is no robots.txt (4xx; RFC 9309, 2.3.1.3).
    package static let open = Robots(refusesAll: false)
    /// Nothing is: the server cannot say what its rules are (5xx, no answer; RFC 9309, 2.3.1.4).
    package static let closed = Robots(refusesAll: true)

    private init(refusesAll: Bool) {
        self.refusesAll = refusesAll
    }

    /// What an answer to the question for `/robots.txt` means, redirects already followed.
    ///
    /// - Parameter agent: the crawler's name as a site would write it, `earshot`.
    package init(_ outcome: FetchOutcome, agent: String) {
        switch outcome {
        case .response(let response) where (200..<300).contains(response.status):
            self.init(response.body, agent: agent)
        case .response(let response) where (400..<500).contains(response.status) && response.status != 429:
            self = .open
        case .failed(.tooManyRedirects):
            self = .open
        case .response, .failed:
            self = .closed
        }
    }

    /// Reads a file: the groups for `agent`, or where there is none, those for `*`.
    package init(_ bytes: [UInt8], agent: String) {
        refusesAll = false
        let groups = Self.groups(in: bytes.prefix(Self.bytesRead))
        let agent = agent.lowercased()
        let own = groups.filter { $0.agents.contains(agent) }
        for group in own.isEmpty ? groups.filter({ $0.agents.contains("*") }) : own {
            rules += group.rules
            crawlDelay = group.delay ?? crawlDelay
        }
    }

    /// Whether an address may be asked for: by the longest rule that fits its path and query; of two as long, the one
    /// that allows (RFC 9309, 2.2.2). `/robots.txt` itself always may.
    package func allows(_ address: String) -> Bool {
        let path = RobotsPath.path(of: address)
        guard path != Array("/robots.txt".utf8) else { return true }
        guard !refusesAll else { return false }
        let fitting = rules.filter { RobotsPath.matches($0.pattern, path) }
        let best = fitting.max { left, right in
            (left.pattern.count, left.allows ? 1 : 0) < (right.pattern.count, right.allows ? 1 : 0)
        }
        return best?.allows ?? true
    }

    // MARK: Reading

    fileprivate struct Group {
        var agents: Set<String> = []
        var rules: [Rule] = []
        var delay: Duration?
    }

    /// Lines end with CR, LF or both; `#` begins a comment; a group is some user-agent lines and the rules after them.
    private static func groups(in bytes: ArraySlice<UInt8>) -> [Group] {
        var groups: [Group] = []
        var isNaming = false
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            guard let (key, value) = field(line) else { continue }
            switch key {
            case "user-agent":
                if !isNaming { groups.append(Group()) }
                isNaming = true
                groups[groups.count - 1].agents.insert(product(value))
            case "allow", "disallow", "crawl-delay":
                isNaming = false
                guard !groups.isEmpty else { continue }
                groups[groups.count - 1].take(key, value)
            default:
                // Sitemap and the like belong to no group and end none (RFC 9309, 2.2.4).
                continue
            }
        }
        return groups
    }

    private static func field(_ line: ArraySlice<UInt8>) -> (key: String, value: ArraySlice<UInt8>)? {
        let text = line.prefix { $0 != UInt8(ascii: "#") }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        // A byte order mark before the first line is no part of its key.
        var key = trimmed(text[..<colon])
        if key.starts(with: [0xEF, 0xBB, 0xBF]) { key = key.dropFirst(3) }
        return (String(decoding: key, as: UTF8.self).lowercased(), trimmed(text[text.index(after: colon)...]))
    }

    /// The name without a version: `Earshot/1.0` is written by some (RFC 9309, 2.2.1).
    private static func product(_ value: ArraySlice<UInt8>) -> String {
        let name = value.prefix { $0 != UInt8(ascii: "/") && $0 != 0x20 }
        return String(decoding: name, as: UTF8.self).lowercased()
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }
}

extension Robots.Group {
    private static let longestDelay = 300.0

    fileprivate mutating func take(_ key: String, _ value: ArraySlice<UInt8>) {
        if key == "crawl-delay" {
            guard let seconds = Double(String(decoding: value, as: UTF8.self)), seconds > 0 else { return }
            delay = .seconds(min(seconds, Self.longestDelay))
        } else if !value.isEmpty {
            // "Disallow:" without a path says nothing.
            rules.append(Robots.Rule(allows: key == "allow", pattern: RobotsPath.normal(value)))
        }
    }
}
