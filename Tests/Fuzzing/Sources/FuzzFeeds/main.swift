// Feeds any bytes to the feed reader, and holds it to what it promises: no crash, nothing unbounded, the same twice
// and whatever is kept, identities that are not empty and not shared.

import Feeds
import Foundation
import FuzzDriver
import Model

/// The first byte chooses the headers, so that encodings are reached.
private func headers(_ choice: UInt8) -> [Header] {
    let charsets = ["utf-8", "windows-1251", "shift_jis", "gb2312", "iso-2022-jp", "utf-16", "macintosh", "euc-jp"]
    guard choice & 1 == 1 else { return [] }
    return [Header("Content-Type", "text/xml; charset=\(charsets[Int(choice >> 1) % charsets.count])")]
}

extension Entry {
    fileprivate var withoutExtras: Entry {
        var entry = self
        entry.links = []
        entry.extras = []
        return entry
    }
}

private func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let reader = FeedReader(keepsExtras: true)
    let now = Date(timeIntervalSince1970: 1_700_000_000)
    let headers = headers(bytes.first ?? 0)
    let document = Array(bytes.dropFirst())
    guard let feed = try? reader.read(document, address: "https://a.example/b", headers: headers, now: now) else {
        return 0
    }
    precondition(feed == (try? reader.read(document, address: "https://a.example/b", headers: headers, now: now)))
    // What is kept for those who want to see everything changes nothing else.
    let lean = try? FeedReader().read(document, address: "https://a.example/b", headers: headers, now: now)
    precondition(lean?.entries == feed.entries.map(\.withoutExtras))
    precondition(Set(feed.entries.map(\.identity)).count == feed.entries.count)
    let marks = feed.entries.marks(keyedBy: MarkKey(low: 1, high: 2), hasAliases: true)
    precondition(Set(marks.map(\.identity)).count == feed.entries.count)
    for entry in feed.entries {
        precondition(!entry.identity.isEmpty)
        let plain = entry.plainText()
        precondition(!plain.title.contains("\n"))
    }
    return 0
}

fuzz(test)
