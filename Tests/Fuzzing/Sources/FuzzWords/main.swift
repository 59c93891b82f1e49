// Feeds any text to folding: no crash, NFC and NFD are the same, and every word of a text finds itself in it.

import Foundation
import FuzzDriver
import Matching
import Model

private func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let composed = text.precomposedStringWithCanonicalMapping
    let decomposed = text.decomposedStringWithCanonicalMapping
    // Foundation makes old Hangul letters (U+1113…) into scalars that mean something else; what does not come back from
    // NFC is no fair question.
    if composed.decomposedStringWithCanonicalMapping.unicodeScalars.elementsEqual(decomposed.unicodeScalars) {
        precondition(StorySketch(title: "", text: composed) == StorySketch(title: "", text: decomposed))
    }
    let parts = text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).prefix(20)
    for part in parts.map({ String($0) }) where !part.unicodeScalars.contains(where: isQuote) {
        guard let query = try? Query("raw:\"\(part)\""), let folded = try? Query("body:\"\(part)\"") else { continue }
        let hits = WatchSet([query, folded]).matches(in: Document(body: text))
        precondition(hits.contains { $0.query == 0 })
        for match in hits.flatMap(\.matches) {
            precondition(Array(text.unicodeScalars)[match.scalars].elementsEqual(match.text.unicodeScalars))
        }
    }
    return 0
}

/// Quotes of the language: they would end the phrase.
private func isQuote(_ scalar: Unicode.Scalar) -> Bool {
    "\"\u{201C}\u{201D}\u{201E}\u{201F}\u{AB}\u{BB}\u{FF02}".unicodeScalars.contains(scalar)
}

fuzz(test)
