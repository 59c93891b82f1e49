// How a target writes emphasis and links, and how a stranger's text is kept from being either. Escaping looks at one
// Unicode scalar at a time: a combining mark after a `<` makes another character of it, and leaves it a `<`.

import FoundationEssentials
import Model

/// A target's way of writing text.
///
/// `escape` is for what strangers wrote: with it no text is emphasis, a link, a mention of a person or a room, or more
/// than one line. The other two take text that has been escaped.
struct Markup: Sendable {
    let escape: @Sendable (String) -> String
    let strong: @Sendable (String) -> String
    /// - Parameter address: checked and percent-encoded by `Link`.
    let link: @Sendable (_ text: String, _ address: String) -> String
    let lineBreak: String
}

extension Markup {
    /// No markup at all: titles, subjects, texts for people.
    static let plain = Markup(
        escape: { $0 }, strong: { $0 }, link: { text, address in text.isEmpty ? address : "\(text)\n\(address)" },
        lineBreak: "\n")

    /// Slack's mrkdwn. `&lt;!channel&gt;` is text; a mark between two invisible spaces begins and ends nothing.
    static let slack = Markup(
        escape: { text in
            escaping(text) { scalar in
                switch scalar {
                case "&": "&amp;"
                case "<": "&lt;"
                case ">": "&gt;"
                case "*", "_", "~", "`": "\u{200B}\(scalar)\u{200B}"
                default: nil
                }
            }
        }, strong: { "*\($0)*" }, link: { "<\($1)|\($0)>" }, lineBreak: "\n")

    /// Discord's markdown. Who is pinged is not its business: `allowed_mentions` forbids that.
    static let discord = Markup(
        escape: { text in escaping(text) { discordMarks.contains($0) ? "\\\($0)" : unlinked($0) } },
        strong: { "**\($0)**" }, link: { "[\($0)](<\($1)>)" }, lineBreak: "\n")

    private static let discordMarks: Set<Unicode.Scalar> = [
        "\\", "*", "_", "~", "`", ">", "<", "|", "#", "[", "]", "(", ")", "-", "+",
    ]

    /// Mattermost's markdown, where `@all`, `@channel` and `@here` ring everybody, and `<!channel>` as well.
    static let mattermost = Markup(
        escape: { text in
            escaping(text) { scalar in
                switch scalar {
                case "@", ":": "\(scalar)\u{200D}"
                case "&": "&amp;"
                case "<": "&lt;"
                default: markdownMarks.contains(scalar) ? "\\\(scalar)" : nil
                }
            }
        }, strong: { "**\($0)**" }, link: { "[\($0)](\($1))" }, lineBreak: "  \n")

    /// The markdown subset of an Adaptive Card's TextBlock.
    static let teams = Markup(
        escape: { text in
            escaping(text) { scalar in
                switch scalar {
                case "&": "&amp;"
                case "<": "&lt;"
                default: markdownMarks.contains(scalar) ? "\\\(scalar)" : unlinked(scalar)
                }
            }
        }, strong: { "**\($0)**" }, link: { "[\($0)](\($1))" }, lineBreak: "\n\n")

    private static let markdownMarks: Set<Unicode.Scalar> = [
        "\\", "*", "_", "~", "`", ">", "#", "[", "]", "(", ")", "!", "|", "-", "+",
    ]

    /// Google Chat has no way to escape: marks stand between invisible spaces, and after `<` comes one. A link's text
    /// could end it with a `>`, so the address stands by itself.
    static let googleChat = Markup(
        escape: { text in
            escaping(text) { scalar in
                switch scalar {
                case "*", "_", "~", "`": "\u{200B}\(scalar)\u{200B}"
                case "<", "@": "\(scalar)\u{200B}"
                default: unlinked(scalar)
                }
            }
        }, strong: { "*\($0)*" }, link: { "\($0)\n\($1)" }, lineBreak: "\n")

    /// HTML as Matrix, Freshdesk and mail take it.
    static let html = Markup(
        escape: htmlEscaped, strong: { "<strong>\($0)</strong>" },
        link: { "<a href=\"\(htmlEscaped($1))\">\($0)</a>" }, lineBreak: "<br>")

    /// Telegram's HTML, where a line break is one, `@name` calls that person, and a bare `evil.example` is a link, also
    /// where half of it is bold: something invisible follows every dot, whatever comes behind it.
    static let telegram = Markup(
        escape: { text in
            escaping(text) { htmlEntity($0) ?? ($0 == "@" || dots.contains($0) ? "\($0)\u{200B}" : unlinked($0)) }
        },
        strong: { "<b>\($0)</b>" }, link: { "<a href=\"\(htmlEscaped($1))\">\($0)</a>" }, lineBreak: "\n")

    private static func htmlEscaped(_ text: String) -> String {
        escaping(text, htmlEntity)
    }

    private static func htmlEntity(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: nil
        }
    }

    /// Where bare addresses become links by themselves, the colon of `https://` is cut off by nothing visible.
    private static func unlinked(_ scalar: Unicode.Scalar) -> String? {
        scalar == ":" ? ":\u{200B}" : nil
    }

    /// What separates the labels of a host's name (UTS #46).
    private static let dots: Set<Unicode.Scalar> = [".", "\u{3002}", "\u{FF0E}", "\u{FF61}"]

    private static func escaping(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if let written = replacement(scalar) {
                result += written
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

/// A stranger's address as it may stand in a target's markup.
enum Link {
    /// Longer ones are left out: a message is for people, and no target takes many of them.
    private static let longest = 1_000

    /// The address with everything percent-encoded that could end it early; `nil` if it is no http or https address,
    /// or a long one.
    static func safe(_ text: String?) -> String? {
        guard let text, let url = Address.parse(text) else { return nil }
        let address = PercentEncoding.encode(url.absoluteString) { byte in
            byte > 0x20 && byte < 0x7F && !"<>\"'`()|\\^{}*".utf8.contains(byte)
        }
        return address.utf8.count <= longest ? address : nil
    }
}
