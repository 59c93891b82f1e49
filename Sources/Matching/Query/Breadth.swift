// Which part of a query matches nearly every text: a warning for who typed it, before it floods somebody.

extension Expression {
    /// The part that makes the whole of the part at `index` match far too much, if one does.
    func floodgate(_ index: Int = 0) -> Int? {
        let node = nodes[index]
        switch node.kind {
        case .not: return index
        case .filter: return filter(node).isBroad ? index : nil
        case .term: return isBroad(term(node)) ? index : nil
        case .any: return parts(of: index).lazy.compactMap { floodgate($0) }.first
        case .all:
            var first: Int?
            for part in parts(of: index) {
                guard let broad = floodgate(part) else { return nil }
                first = first ?? broad
            }
            return first
        case .near, .orderedNear: return nil
        }
    }

    /// A word that is in almost every text, or a wildcard beside so few letters that it might as well be.
    private func isBroad(_ term: Term) -> Bool {
        guard term.words.count == 1, case .plain = term.kind, term.fields.isSubset(of: .text) else { return false }
        let word = words[term.words.lowerBound]
        guard word.sign == .none else { return false }
        let letters = letters(of: word)
        guard word.hasWildcard else { return CommonWords.contains(letters) }
        return letters.count { $0 & 0xC0 != 0x80 && $0 > ScalarReader.anyLetter } <= 2
            && letters.contains(ScalarReader.anyRun)
    }
}

extension Filter {
    fileprivate var isBroad: Bool {
        switch self {
        case .language, .kind, .rating: true
        case .site, .label: false
        }
    }
}
