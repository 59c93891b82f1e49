// What a mail server says when it says no, for the person who has to mend it.

import FoundationEssentials

/// A reply of 4xx or 5xx, of which the last line counts (RFC 5321 §4.2).
struct MailRefusal {
    let code: Int
    private let text: [UInt8]

    /// `nil` for any other reply.
    init?(_ line: some Sequence<UInt8>) {
        let line = Array(line.prefix(1_000))
        guard let code = Int(String(decoding: line.prefix(3), as: UTF8.self)), (400..<600).contains(code) else {
            return nil
        }
        self.code = code
        text = Array(line.dropFirst(4))
    }

    /// A line that can be shown; `nil` where there is none, or a server repeats in it what it was told in secret.
    func words(sparing mail: MailSubmission) -> String? {
        let words = Self.printable(text)
        guard !words.isEmpty else { return nil }
        guard let user = mail.user, let password = mail.password, !password.isEmpty else { return words }
        let encoded = [password, "\0\(user)\0\(password)"].map { Data($0.utf8).base64EncodedString() }
        return (encoded + [password]).contains(where: words.contains) ? nil : words
    }

    static func printable(_ text: some Sequence<UInt8>) -> String {
        let bytes = text.filter { (0x20..<0x7F).contains($0) }.prefix(200)
        return String(decoding: bytes, as: UTF8.self)
    }
}
