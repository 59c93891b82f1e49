// A demo site's posts as a feed, newest first.

import Foundation

struct DemoFeed: Sendable {
    var name: String
    var base: String
    var posts: [DemoPost]
    var started: Date

    private var visible: [(number: Int, post: DemoPost, date: Date)] {
        posts.enumerated().map { ($0 + 1, $1, started + $1.after) }.filter { $0.date <= Date() }.reversed()
    }

    var rss: String {
        let items = visible.map { number, post, date in
            """
            <item><guid isPermaLink="false">\(number)</guid><title>\(escaped(post.title))</title>
            <link>\(base)/\(number)</link><author>\(escaped(post.author))</author>
            <pubDate>\(date.formatted(Self.rfc822))</pubDate><description>\(escaped(post.body))</description></item>
            """
        }
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <rss version="2.0"><channel><title>\(escaped(name))</title><link>\(base)/</link><language>nl</language>
            \(items.joined(separator: "\n"))
            </channel></rss>
            """
    }

    var atom: String {
        let entries = visible.map { number, post, date in
            """
            <entry><id>\(base)/post/\(number)</id><title>\(escaped(post.title))</title>
            <link href="\(base)/post/\(number)"/><author><name>\(escaped(post.author))</name></author>
            <updated>\(date.formatted(.iso8601))</updated><content type="html">\(escaped(post.body))</content></entry>
            """
        }
        return """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom"><id>\(base)/</id><title>\(escaped(name))</title>
            <updated>\(started.formatted(.iso8601))</updated>
            \(entries.joined(separator: "\n"))
            </feed>
            """
    }

    var json: String {
        let items = visible.map { number, post, date in
            Item(
                id: "\(number)", url: "\(base)/\(number)", title: post.title, content_text: post.body,
                date_published: date.formatted(.iso8601), authors: [Author(name: post.author)])
        }
        let feed = JSON(version: "https://jsonfeed.org/version/1.1", title: name, home_page_url: base, items: items)
        return (try? JSONEncoder().encode(feed)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// JSON Feed 1.1; its names are the format's.
    private struct JSON: Encodable {
        var version, title, home_page_url: String
        var items: [Item]
    }

    private struct Item: Encodable {
        var id, url, title, content_text, date_published: String
        var authors: [Author]
    }

    private struct Author: Encodable {
        var name: String
    }

    private static let rfc822 = Date.VerbatimFormatStyle(
        format: """
            \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
            \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
            \(second: .twoDigits) +0000
            """, locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
