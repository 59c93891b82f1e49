// The words around a match, on one line, as runs that a target can make stand out.

import Model

/// A piece of a stranger's text that is in a match or is not. It still has to be escaped.
struct Run: Equatable {
    var text: String
    var isMatch: Bool
}

enum Excerpt {
    /// At most about `length` scalars of `text` around its first match, cut between graphemes, with `…` where something
    /// was left out.
    static func runs(of text: String, matches: [Range<Int>], length: Int) -> [Run] {
        guard length > 0 else { return [] }
        let scalars = text.unicodeScalars
        let count = scalars.count
        let matches = matches.filter { $0.upperBound <= count }.sorted { $0.lowerBound < $1.lowerBound }
        // A third of the room before the match: what follows it says more.
        let wanted = max(0, min((matches.first?.lowerBound ?? 0) - length / 3, count - length))
        let start = boundary(in: text, before: wanted)
        let end = boundary(in: text, before: min(count, wanted + length))
        guard start < end else { return [] }
        var pieces = Pieces()
        if start > 0 { pieces.append("…", isMatch: false) }
        var waiting = matches[...]
        var offset = start
        for scalar in scalars[scalars.index(scalars.startIndex, offsetBy: start)...].prefix(end - start) {
            while let next = waiting.first, next.upperBound <= offset { waiting = waiting.dropFirst() }
            pieces.append(scalar, isMatch: waiting.first.map { $0.contains(offset) } ?? false)
            offset += 1
        }
        if end < count { pieces.append("…", isMatch: false) }
        return pieces.runs
    }

    /// The first `length` scalars or so, on one line.
    static func start(of text: String, length: Int) -> String {
        runs(of: text, matches: [], length: length).map(\.text).joined()
    }

    /// A shorter one of the same.
    static func shortened(_ runs: [Run], to length: Int) -> [Run] {
        var text = ""
        var matches: [Range<Int>] = []
        var offset = 0
        for run in runs {
            let end = offset + run.text.unicodeScalars.count
            if run.isMatch { matches.append(offset..<end) }
            text += run.text
            offset = end
        }
        return offset <= length ? runs : self.runs(of: text, matches: matches, length: length)
    }

    /// The last offset up to `offset`, in scalars, that is not inside a grapheme; `offset` itself if the grapheme there
    /// is longer than any honest one.
    private static func boundary(in text: String, before offset: Int) -> Int {
        var index = text.unicodeScalars.index(text.startIndex, offsetBy: offset)
        for back in 0...min(16, offset) {
            if String.Index(index, within: text) != nil { return offset - back }
            if back < offset { index = text.unicodeScalars.index(before: index) }
        }
        return offset
    }

    /// Collects scalars into runs, white space as single spaces.
    private struct Pieces {
        private(set) var runs: [Run] = []
        private var owesSpace = false

        mutating func append(_ scalar: Unicode.Scalar, isMatch: Bool) {
            if scalar.properties.isWhitespace {
                owesSpace = !runs.isEmpty
            } else if !scalar.isUnruly {
                if owesSpace { add(" ", isMatch: isMatch && runs.last?.isMatch == true) }
                owesSpace = false
                add(scalar, isMatch: isMatch)
            }
        }

        private mutating func add(_ scalar: Unicode.Scalar, isMatch: Bool) {
            if runs.last?.isMatch == isMatch {
                runs[runs.count - 1].text.unicodeScalars.append(scalar)
            } else {
                runs.append(Run(text: String(scalar), isMatch: isMatch))
            }
        }
    }
}

extension String {
    /// On one line, without what is not for the eye.
    var onOneLine: String {
        Excerpt.runs(of: self, matches: [], length: unicodeScalars.count).map(\.text).joined()
    }
}

extension Unicode.Scalar {
    /// Control characters, those that turn the direction of what follows, and those that hide an annotation.
    fileprivate var isUnruly: Bool {
        switch value {
        case 0x202A...0x202E, 0x2066...0x2069, 0xFFF9...0xFFFB, 0xFEFF: true
        default: properties.generalCategory == .control
        }
    }
}
