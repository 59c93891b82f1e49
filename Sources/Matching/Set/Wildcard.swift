// Whether a word matches a pattern with `*` and `?`. Linear in the word for each `*` of the pattern.

enum Wildcard {
    /// - Parameters:
    ///   - letters: folded bytes once `fold` is set in each: 0x20 for a word of plain ASCII in the text, 0 otherwise.
    static func matches(
        _ pattern: Span<UInt8>, _ letters: Span<UInt8>, from start: Int, count: Int, fold: UInt8
    ) -> Bool {
        var p = 0
        var l = 0
        var resume: (pattern: Int, letter: Int)?
        while l < count {
            if p < pattern.count, pattern[p] == ScalarReader.anyRun {
                p += 1
                resume = (p, l)
            } else if p < pattern.count, pattern[p] == ScalarReader.anyLetter {
                p += 1
                l += scalarLength(letters[start + l] | fold)
            } else if p < pattern.count, pattern[p] == letters[start + l] | fold {
                p += 1
                l += 1
            } else if let (pattern, letter) = resume {
                p = pattern
                l = letter + scalarLength(letters[start + letter] | fold)
                resume = (p, l)
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == ScalarReader.anyRun { p += 1 }
        return p == pattern.count
    }

    private static func scalarLength(_ first: UInt8) -> Int {
        first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    }
}
