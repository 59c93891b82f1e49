// Which part of a query matches nearly every text: a warning for who typed it, before it floods somebody.

extension Expression {
    /// The part that makes the whole query match far too much, if one does.
    var floodgate: Expression? {
        switch node {
        case .not: self
        case .filter(let filter): filter.isBroad ? self : nil
        case .term(let term): term.isBroad ? self : nil
        case .any(let parts): parts.lazy.compactMap(\.floodgate).first
        case .all(let parts): parts.allSatisfy { $0.floodgate != nil } ? parts.first?.floodgate : nil
        case .near: nil
        }
    }
}

extension Term {
    /// A word that is in almost every text, or a wildcard beside so few letters that it might as well be.
    fileprivate var isBroad: Bool {
        guard words.count == 1, let word = words.first, word.sign == .none, raw == nil else { return false }
        guard fields.isSubset(of: .text) else { return false }
        let letters = word.folded.count { $0 & 0xC0 != 0x80 && $0 > ScalarReader.anyLetter }
        return word.folded.contains(ScalarReader.anyRun) ? letters <= 2 : CommonWords.contains(word.folded)
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
