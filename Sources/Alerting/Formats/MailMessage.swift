// An alert as a mail (RFC 5322, MIME), all of it ASCII: words of others stand in encoded words (RFC 2047) and base64,
// so that nothing in them can end a line, start a header or be taken for a boundary.

import FoundationEssentials
package import Model

/// A mail, ready for DATA.
package struct MailMessage: Sendable, Equatable {
    /// With CRLF line ends.
    package let bytes: [UInt8]

    private static let subject = TextLimit.units(200)
    private static let text = TextLimit.bytes(100_000)

    /// The same alert makes the same mail at every attempt: its Message-ID is the alert's, and its date is when the
    /// alert was made. A server that got it twice can tell.
    package init(_ alert: Alert, _ email: Email) {
        let words = Wording(alert)
        let plain = words.title + "\n\n" + words.body(.plain, within: Self.text)
        let html = "<html><body><p>" + words.text(.html, within: Self.text) + "</p></body></html>"
        let domain = email.from.address.split(separator: "@").last ?? "localhost"
        var lines = [
            "From: \(email.from.header)",
            "To: \(email.to.map(\.header).joined(separator: ",\r\n "))",
            "Subject: \(EncodedWords.encode(Self.subject.cut(words.title)))",
            "Date: \(Self.date(alert.made))",
            "Message-ID: <\(alert.id)@\(domain)>",
            "MIME-Version: 1.0",
            // RFC 3834: no holiday reply, please.
            "Auto-Submitted: auto-generated",
            "X-Earshot-Alert: \(alert.id)",
        ]
        if alert.priority == .high { lines += ["Importance: high", "X-Priority: 1"] }
        if email.includesHTML {
            // Base64 has no `_`, so no part can hold the boundary.
            let boundary = "=_\(alert.id)"
            lines += ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", ""]
            lines += ["--\(boundary)"] + Self.part("text/plain", plain) + ["--\(boundary)"]
            lines += Self.part("text/html", html) + ["--\(boundary)--", ""]
        } else {
            lines += Self.part("text/plain", plain) + [""]
        }
        bytes = Array(lines.joined(separator: "\r\n").utf8)
    }

    private static func part(_ type: String, _ text: String) -> [String] {
        let lines: Data.Base64EncodingOptions = [
            .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
        ]
        let base64 = Data(text.utf8).base64EncodedString(options: lines)
        return ["Content-Type: \(type); charset=utf-8", "Content-Transfer-Encoding: base64", "", base64]
    }

    /// RFC 5322 §3.3: `Mon, 02 Mar 2026 08:00:00 +0000`.
    private static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][((parts.weekday ?? 1) - 1) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[((parts.month ?? 1) - 1) % 12]
        let time = [parts.hour, parts.minute, parts.second].map(two).joined(separator: ":")
        return "\(day), \(two(parts.day)) \(month) \(parts.year ?? 0) \(time) +0000"
    }
}

extension MailAddress {
    /// `address`, or `name <address>`.
    fileprivate var header: String {
        name.map { "\(EncodedWords.phrase($0)) <\(address)>" } ?? address
    }
}

/// Text in headers (RFC 2047).
enum EncodedWords {
    /// As it is if it is short, printable ASCII and no encoded word itself; else in words of at most 75 characters, on
    /// a line each.
    static func encode(_ text: String) -> String {
        let text = text.onOneLine
        let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && text.utf8.count <= 60
        return isPlain && !text.contains("=?") ? text : words(text)
    }

    /// A name before an address: quoted or encoded.
    static func phrase(_ text: String) -> String {
        let text = text.onOneLine
        let isWord = text.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || $0 == " ") }
        return isWord && text.utf8.count <= 60 ? text : words(text)
    }

    /// 45 bytes are 60 of base64, and 72 with what goes around them.
    private static func words(_ text: String) -> String {
        var chunks: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if chunks[chunks.count - 1].count + bytes.count > 45 { chunks.append([]) }
            chunks[chunks.count - 1] += bytes
        }
        return chunks.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}
