import Alerting
import Foundation
import Model
import TestSupport
import Testing

@Suite struct MailMessageTests {
    private func email(from: String = "Earshot <earshot@acme.example>", html: Bool = true) throws -> Email {
        Email(
            server: Email.Server(host: "127.0.0.1", port: 25, security: .none),
            from: try #require(MailAddress(from)),
            to: [try #require(MailAddress("webcare@acme.example")), try #require(MailAddress("Zoë <z@acme.example>"))],
            includesHTML: html)
    }

    /// Headers with their folds taken back, and the bodies of the parts by their type.
    private func read(_ alert: Alert, html: Bool = true) throws -> (headers: [String: String], parts: [String: String])
    {
        let text = String(decoding: MailMessage(alert, try email(html: html)).bytes, as: UTF8.self)
        #expect(text.utf8.allSatisfy { $0 < 0x7F })
        let halves = text.components(separatedBy: "\r\n\r\n")
        let head = halves[0].replacingOccurrences(of: "\r\n ", with: " ")
        var headers: [String: String] = [:]
        for line in head.components(separatedBy: "\r\n") {
            let name = line.prefix { $0 != ":" }
            #expect(headers[String(name)] == nil, "\(name) stands twice")
            headers[String(name)] = String(line.dropFirst(name.count + 2))
        }
        guard html else {
            let body = Data(base64Encoded: halves[1], options: .ignoreUnknownCharacters) ?? Data()
            return (headers, ["text/plain": String(decoding: body, as: UTF8.self)])
        }
        let boundary = try #require(headers["Content-Type"]?.components(separatedBy: "\"").dropFirst().first)
        var parts: [String: String] = [:]
        for part in text.components(separatedBy: "--\(boundary)").dropFirst() where part.hasPrefix("\r\n") {
            let pieces = part.components(separatedBy: "\r\n\r\n")
            let type = pieces[0].components(separatedBy: "Content-Type: ")[1].prefix { $0 != ";" }
            let body = Data(base64Encoded: pieces[1], options: .ignoreUnknownCharacters) ?? Data()
            parts[String(type)] = String(decoding: body, as: UTF8.self)
        }
        return (headers, parts)
    }

    @Test func aMailSaysTheAlertInTextAndHTML() throws {
        let (headers, parts) = try read(Alert.ofEveryKind[0])
        #expect(headers["From"] == "Earshot <earshot@acme.example>")
        #expect(headers["To"] == "webcare@acme.example, =?utf-8?B?Wm/Dqw==?= <z@acme.example>")
        #expect(headers["Subject"] == "zeebank: Titel 1")
        #expect(headers["Date"] == "Mon, 02 Mar 2026 08:00:00 +0000")
        #expect(headers["Message-ID"] == "<a_mentions@acme.example>")
        #expect(headers["Auto-Submitted"] == "auto-generated")
        #expect(parts["text/plain"]?.contains("Zeebank is traag.") == true)
        #expect(parts["text/plain"]?.contains("https://forum.example/1") == true)
        #expect(parts["text/html"]?.contains("<strong>Zeebank</strong> is traag.") == true)
    }

    @Test func plainTextGoesAloneIfThatIsWanted() throws {
        let (headers, parts) = try read(Alert.ofEveryKind[0], html: false)
        #expect(headers["Content-Type"] == "text/plain; charset=utf-8")
        #expect(parts["text/plain"]?.hasPrefix("zeebank: Titel 1\n\n") == true)
    }

    @Test func aStrangersTextMakesNoHeaderAndNoMarkup() throws {
        let (headers, parts) = try read(.hostile)
        let known: Set = [
            "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "X-Earshot-Alert",
            "Content-Type",
        ]
        #expect(Set(headers.keys) == known)
        let html = try #require(parts["text/html"])
        #expect(html.captures("<([a-z]+)").allSatisfy { ["html", "body", "p", "strong", "a", "br"].contains($0) })
        #expect(Set(html.captures("href=\"([^\"]*)\"").map(\.unescapedHTML)).isSubset(of: Alert.honestLinks))
        #expect(parts["text/plain"]?.contains(Alert.hostileTexts[2]) == true)
    }

    @Test func subjectsInAnyScriptAreEncodedWordByWord() throws {
        var alert = Alert.ofEveryKind[0]
        alert.mentions[0].entry.title = String(repeating: "Storing 漢字 👨‍👩‍👧‍👦 ", count: 20)
        let subject = try #require(try read(alert).headers["Subject"])
        let words = subject.split(separator: " ")
        #expect(words.allSatisfy { $0.count <= 75 && $0.hasPrefix("=?utf-8?B?") && $0.hasSuffix("?=") })
        let decoded = words.map { word in
            String(decoding: Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data(), as: UTF8.self)
        }.joined()
        #expect(decoded.hasPrefix("zeebank: Storing 漢字 👨‍👩‍👧‍👦") && decoded.hasSuffix("…"))
    }

    @Test func aSubjectThatLooksLikeAnEncodedWordIsEncoded() throws {
        var alert = Alert.ofEveryKind[0]
        alert.mentions[0].entry.title = "=?utf-8?B?QmNjOiB4QHk=?="
        #expect(try read(alert).headers["Subject"]?.contains("QmNjOiB4QHk=") == false)
    }

    @Test(
        arguments: [
            ("webcare@example.com", nil, "webcare@example.com"),
            ("Webcare Team <webcare+x@example.com>", "Webcare Team", "webcare+x@example.com"),
            ("\"O'Neil, Zoë\" <z@example.com>", "O'Neil, Zoë", "z@example.com"), ("<a@b>", nil, "a@b"),
        ] as [(String, String?, String)])
    func anAddressIsReadWithItsName(_ text: String, _ name: String?, _ address: String) throws {
        let read = try #require(MailAddress(text))
        #expect(read.name == name && read.address == address)
    }

    @Test(arguments: [
        "webcare", "@example.com", "a@", "a@b@c", "a b@example.com", "a@example..com", ".a@example.com",
        "a@example.com\r\nRCPT TO:<x@y>", "<a@example.com> SIZE=1", "zoë@example.com", "a@exa>mple.com", "",
        String(repeating: "a", count: 255) + "@b",
    ])
    func whatIsNoAddressIsNotTakenForOne(_ text: String) {
        #expect(MailAddress(text) == nil)
    }
}
