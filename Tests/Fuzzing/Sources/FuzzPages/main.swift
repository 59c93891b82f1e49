// Feeds any bytes to the page reader, with all engines, and holds it to what it promises: no crash, nothing unbounded,
// the same twice, identities that are not empty and not shared.

import Configuration
import Feeds
import Foundation
import FuzzDriver
import Model
import Pages

private let reader = PageReader(catalog: EngineCatalog(Engines.builtIn))
private let engines = Engines.names

/// The first byte chooses the engine, so that the rules of every one are reached.
private func wish(_ choice: UInt8) -> PageWish {
    var wish = PageWish()
    wish.engine = Int(choice) < engines.count ? engines[Int(choice)] : nil
    wish.watchesText = choice == 255
    return wish
}

private func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let now = Date(timeIntervalSince1970: 1_700_000_000)
    let wish = wish(bytes.first ?? 254)
    let document = Array(bytes.dropFirst())
    guard let page = try? reader.read(document, address: "https://a.example/b", headers: [], wish: wish, now: now)
    else { return 0 }
    let again = try? reader.read(document, address: "https://a.example/b", headers: [], wish: wish, now: now)
    precondition(page.feed == again?.feed)
    precondition(Set(page.feed.entries.map(\.identity)).count == page.feed.entries.count)
    for entry in page.feed.entries {
        precondition(!entry.identity.isEmpty)
        precondition(!entry.plainText().title.contains("\n"))
    }
    return 0
}

fuzz(test)
