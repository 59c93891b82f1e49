// "Did you mean …": the known word that is nearest to an unknown one.

enum Suggestion {
    /// `; did you mean X?` when a known word is near enough to be a slip, else nothing.
    static func text(for word: String, among known: [String]) -> String {
        let near = known.map { ($0, distance(word.lowercased(), $0)) }.min { $0.1 < $1.1 }
        // One slip in a short word, up to a third of a long one.
        guard let (candidate, slips) = near, slips <= max(1, candidate.count / 3) else { return "" }
        return "; did you mean `\(candidate)`?"
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var before: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            (before, last) = (last, row)
        }
        return last[right.count]
    }
}
