// How much text a target takes, and cutting a text so that it fits. Targets count in bytes or in UTF-16 units (their
// documentation says "characters"; no count of characters is larger than that of units).

/// The most that a text may be.
package struct TextLimit: Sendable, Equatable {
    package enum Unit: Sendable {
        case bytes, units
    }

    package var count: Int
    package var unit: Unit

    package static func bytes(_ count: Int) -> TextLimit { TextLimit(count: count, unit: .bytes) }
    package static func units(_ count: Int) -> TextLimit { TextLimit(count: count, unit: .units) }

    package func length(of text: String) -> Int {
        switch unit {
        case .bytes: text.utf8.count
        case .units: text.utf16.count
        }
    }

    package func takes(_ text: String) -> Bool {
        length(of: text) <= count
    }

    /// What is left of the limit once `text` has been written.
    package func less(_ text: String) -> TextLimit {
        TextLimit(count: max(0, count - length(of: text)), unit: unit)
    }

    /// `text` as `escape` writes it, cut between two graphemes if it has to be; then it ends with `…`.
    ///
    /// One grapheme may hold thousands of combining marks. If not even the first fits, it is cut between scalars.
    ///
    /// - Parameter escape: applied to pieces of the text, so it must not look beyond single scalars.
    package func cut(_ text: String, escape: (String) -> String = { $0 }) -> String {
        let whole = escape(text)
        if takes(whole) { return whole }
        let ellipsis = "…"
        let room = count - length(of: ellipsis)
        guard room > 0 else { return "" }
        let graphemes = prefix(of: text.lazy.map { String($0) }, room: room, escape)
        guard graphemes.isEmpty else { return graphemes + ellipsis }
        return prefix(of: text.unicodeScalars.lazy.map { String($0) }, room: room, escape) + ellipsis
    }

    private func prefix(of pieces: some Sequence<String>, room: Int, _ escape: (String) -> String) -> String {
        var result = ""
        var used = 0
        for piece in pieces {
            let written = escape(piece)
            used += length(of: written)
            guard used <= room else { break }
            result += written
        }
        return result
    }
}
