// A regular expression over strangers' texts: POSIX extended ones, as glibc runs them. Without back-references, which
// are refused, its time grows with the text alone; a backtracking engine can be kept busy for ever by an author's name.

import Glibc

/// A compiled POSIX extended regular expression that a whole text must match.
///
/// It sees bytes: `.` is one byte of UTF-8, and letters outside ASCII stand for themselves but not in brackets.
///
/// `@unchecked Sendable`: the compiled pattern never changes after `init`, and regexec(3) may use one from several
/// threads at once (glibc locks what it caches in it).
final class Pattern: @unchecked Sendable {
    let text: String
    private var compiled = regex_t()

    private static let longest = 1_024

    /// - Throws: what is wrong with it, in a few words.
    init(_ text: String) throws(MatcherError) {
        self.text = text
        guard text.utf8.count <= Self.longest else { throw MatcherError("a pattern has at most 1,024 bytes") }
        // Perl's classes would be taken for plain letters, and (?i) for a slip.
        if let sign = Self.foreign.first(where: text.contains) {
            throw MatcherError("`\(sign)` is not part of POSIX extended expressions; write [0-9], [[:space:]] or (A|a)")
        }
        let status = regcomp(&compiled, "^(\(text))$", REG_EXTENDED | REG_NOSUB)
        guard status == 0 else {
            var message = [CChar](repeating: 0, count: 128)
            regerror(status, &compiled, &message, message.count)
            throw MatcherError(String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
    }

    deinit { regfree(&compiled) }

    private static let foreign = ["\\d", "\\D", "(?"] + (1...9).map { "\\\($0)" }

    func matches(_ text: String) -> Bool {
        regexec(&compiled, text, 0, nil, 0) == 0
    }
}
