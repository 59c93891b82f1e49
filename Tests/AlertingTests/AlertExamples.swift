import Alerting
import Foundation
import Model
import TestSupport

/// Alerts as they come, and as they should never come.
extension Alert {
    private static let now = Date(timeIntervalSince1970: 1_772_438_400)

    private static func example(_ kind: Kind, _ change: (inout Alert) -> Void) -> Alert {
        var alert = Alert(id: "a_\(kind.rawValue)", kind: kind, receiver: "webcare", made: now)
        change(&alert)
        return alert
    }

    static let ofEveryKind: [Alert] = [
        example(.mentions) { $0.mentions = [.example(1)] },
        example(.mentions) { alert in
            alert.mentions = (1...3).map { .example($0) }
            alert.group = ["team": "retail", "watch": "zeebank"]
            alert.priority = .high
            alert.mentions[0].signals = [Mention.Signal(name: "complaint", words: ["traag"])]
            alert.copies = ["m_1": Copies(count: 7, places: [.init(source: "Krant", link: "https://krant.example/1")])]
            alert.count = 10
        },
        // Neither title nor text nor link: an entry may have none of them.
        example(.mentions) { alert in
            alert.mentions = [.example(1, text: "")]
            alert.mentions[0].entry.title = ""
            alert.mentions[0].entry.link = nil
        },
        example(.digest) { alert in
            alert.mentions = (1...10).map { .example($0) }
            alert.count = 421
        },
        example(.overflow) { $0.count = 30 },
        example(.spike) { alert in
            alert.spike = figures
            alert.status = .firing
            alert.episode = "a_episode"
            alert.group = ["watch": "zeebank"]
        },
        example(.spike) { alert in
            alert.spike = figures
            alert.status = .resolved
            alert.episode = "a_episode"
        },
        example(.source) { alert in
            alert.sources = [
                SourceTrouble(name: "Forum", url: "https://forum.example/", state: .failing, reason: "answered 503"),
                SourceTrouble(name: "Krant", url: "https://krant.example/", state: .gone),
            ]
            alert.count = 5
        },
        .test(receiver: "webcare", at: now),
    ].map { alert in
        var alert = alert
        alert.count = max(alert.count, alert.mentions.count)
        return alert
    }

    private static let figures = Spike(
        kind: .spike, count: 48, mean: 6.25, deviation: 2.04, threshold: 12.4, end: now, window: 3_600, since: now)

    /// More than any target takes: many mentions, long ones, and characters that are long by themselves.
    static let tooLong: [Alert] =
        ["👨‍👩‍👧‍👦", "\"\\", "<&>*_", "漢"].map { piece in
            let text = String(repeating: piece + " ", count: Mention.textLimit / (piece.utf8.count + 1))
            return example(.mentions) { alert in
                alert.mentions = (1...30).map { number in
                    var mention = Mention.example(number, text: text)
                    mention.entry.title = String(text.prefix(300))
                    mention.entry.author = String(text.prefix(200))
                    mention.entry.link = "https://forum.example/" + String(repeating: "p", count: 1_500)
                    mention.matches = (0..<20).map {
                        .init(Match(field: .body, bytes: 0..<1, scalars: $0..<$0 + 1, text: "x"))
                    }
                    return mention
                }
                alert.count = 5_000
            }
        } + [
            example(.mentions) { alert in
                // One character, a megabyte long.
                alert.mentions = [.example(1, text: "a" + String(repeating: "\u{301}", count: 4_000))]
                alert.mentions[0].entry.title = "Z" + String(repeating: "\u{30D}", count: 500)
                alert.mentions[0].watch = String(repeating: "w", count: 3_000)
            },
            example(.source) { alert in
                alert.sources = (1...500).map {
                    SourceTrouble(
                        name: "Source \($0)", url: "https://\($0).example/", state: .failing, reason: "timed out")
                }
                alert.count = 500
            },
        ]

    /// More facts than chats take, all of them a stranger's; beside the forty that are named there are two more.
    static let manySources = example(.source) { alert in
        alert.sources = (1...40).map {
            SourceTrouble(
                name: "evil.example no. \($0).", url: "https://evil.example/\($0)", state: .moved,
                reason: "to https://evil.example/" + String(repeating: "p", count: 200) + " or evil。example")
        }
        alert.count = 42
    }

    /// The word that was looked for is the end of a host's name.
    static let matchInAName = example(.mentions) { alert in
        var mention = Mention.example(1, text: "see evil.zeebank now")
        mention.matches = [.init(Match(field: .body, bytes: 9..<16, scalars: 9..<16, text: "zeebank"))]
        alert.mentions = [mention]
    }

    static let honestLinks: Set = ["https://forum.example/1?a=%28b%29%3Cc%3E%7C", "https://forum.example/1"]

    /// What has to be readable in the end, as it is.
    static let hostileTexts = [
        "@everyone @here @channel @all @room @jan <!channel> <@U024BE7LH> <users/all> <at>jan</at>",
        "[your bank](https://evil.example/login) <https://evil.example|your bank> https://evil.example/bare",
        "<script>alert(1)</script> </b><a href=\"https://evil.example\">your bank</a> &amp; &lt;b&gt;",
        "*bold* _italic_ ~struck~ `code` **bold** __under__ ||spoiler|| # head > quote - list + list \\* \\",
        #""}],"x":"y","mentions":[{"# + " {{title}} {{{text}}} {{/mentions}}",
    ]

    /// Everything in it is a stranger's, and meant badly.
    static let hostile = example(.mentions) { alert in
        let text = hostileTexts.joined(separator: "\r\n\u{2028}\u{1B}[31m\u{7}\u{202E}\u{0}")
        var mention = Mention.example(1, text: "Zeebank " + text)
        mention.entry.title = "Titel\r\nBcc: all@example.com <!here> @everyone [x](https://evil.example) <b>*b*</b>"
        mention.entry.author = "@admin <@U1> [a](https://evil.example)\r\nX-Evil: 1"
        mention.entry.link = "https://forum.example/1?a=(b)<c>|"
        mention.source.name = "<!everyone> [forum](https://evil.example) *x*"
        mention.signals = [Mention.Signal(name: "</a>", words: ["<@here>", "[b](https://evil.example)"])]
        alert.mentions = [mention]
        alert.copies = ["m_1": Copies(count: 1, places: [.init(source: "@all <!here>", link: nil)])]
        alert.count = 2
    }
}
