// What single sites are known to leave out of their feeds, or to wrap up: an entry as its site means it. What the entry
// is known by stays as it is.

internal import Foundation
package import Model

extension Entry {
    /// The entry with its site's habits undone.
    package var asMeant: Entry {
        var entry = self
        entry.link = link.flatMap(Self.unwrapped) ?? link
        if authors.isEmpty, let name = link.flatMap(Self.mastodonAuthor) { entry.authors = [Person(name: name)] }
        // im:rating and its like stand in reviews.
        if kind == nil, rating != nil { entry.kind = .review }
        return entry
    }

    /// Google Alerts leads over Google: `https://www.google.com/url?rct=j&url=https://news.example/a&ct=ga`.
    private static func unwrapped(_ link: String) -> String? {
        guard link.contains("google."), let parts = AddressParts(link), parts.segments == ["url"],
            Address.host(link)?.split(separator: ".").contains("google") == true
        else { return nil }
        let wrapped = parts.parameters.first { $0.name == "url" || $0.name == "q" }?.value
        return wrapped.flatMap { String($0).removingPercentEncoding }.flatMap { Address.parse($0) == nil ? nil : $0 }
    }

    /// Mastodon's feeds name nobody: `https://m.example/@jan/112345`.
    private static func mastodonAuthor(_ link: String) -> String? {
        guard link.contains("/@"), let parts = AddressParts(link), parts.segments.count == 2,
            let user = parts.segments.first, user.hasPrefix("@"), user.count > 1,
            parts.segments[1].allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return String(user.dropFirst())
    }
}
