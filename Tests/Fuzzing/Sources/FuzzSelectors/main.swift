// Any text as a selector, an XPath, a JSON path, and any text as a date, asked of a page that has a little of
// everything: no crash, nothing that does not end, and what is refused is refused at a place inside the text.

import Foundation
import FuzzDriver
import Markup
import Pages

private let page = HTMLTree(
    CleanText(
        Array(
            """
            <html lang=en><body id=b class="x y"><ul>\(String(repeating: "<li class=a><b data-x=1>one</b> two", count: 20))</ul>
            <table><tr><td title="a b">1<td>2</table><p>three<p>four<a href="/x?y=1">five</a></body></html>
            """.utf8), charset: nil, limit: 1 << 20))
private let json = JSONDocument(text: #"{"a":[{"b":1,"type":"x"},{"b":"{\"c\":2}"}],"included":[{"type":"x","id":1}]}"#)

private func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: min(count, 300)), as: UTF8.self)
    do throws(SelectorError) {
        let selector = try CSSSelector(text)
        precondition(page.select(selector).map { $0.allSatisfy { page.isElement($0) } } ?? true)
    } catch {
        precondition(error.offset >= 0 && error.offset <= text.count)
    }
    if let path = try? XPath(text), let pages = XPathPage(page) {
        for case .element(let node)? in pages.find(path, from: nil).map({ $0.map(Optional.some) }) ?? [] {
            precondition(page.inside(nil).contains(node))
        }
    }
    if let path = try? JSONPath(text), let json { _ = path.values(in: json.value, root: JSONRoot(json.value)) }
    _ = try? Locator.Place(text)
    _ = PageDate(text, DateContext(now: Date(timeIntervalSince1970: 1_700_000_000)))
    return 0
}

fuzz(test)
