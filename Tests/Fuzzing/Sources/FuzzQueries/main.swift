// Feeds any text to the query parser: no crash, an error points into the query, and what parses compiles, explains and
// matches, whatever it looks for. The first line is the query, the rest a document.

import Foundation
import FuzzDriver
import Matching
import Model

private func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let parts = text.unicodeScalars.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
    let body = parts.count > 1 ? parts[1] : text
    do throws(QueryError) {
        try check(Query(parts[0]), Document(title: parts[0], body: body, author: body))
    } catch {
        precondition(error.line == 1 && (1...parts[0].count + 1).contains(error.column))
        precondition(!error.rendered.isEmpty)
    }
    return 0
}

private func check(_ query: Query, _ document: Document) {
    for warning in query.warnings { precondition((1...query.text.count + 1).contains(warning.column)) }
    let hits = WatchSet([query]).matches(in: document)
    let explanation = Explanation(query, in: document)
    precondition(explanation.isMatch == !hits.isEmpty)
    precondition(explanation.lacks.isEmpty == !hits.isEmpty)
    for match in hits.flatMap(\.matches) where match.field == .body {
        let bytes = Array(document.body.utf8)
        precondition(match.text == String(decoding: bytes[match.bytes], as: UTF8.self))
    }
}

fuzz(test)
