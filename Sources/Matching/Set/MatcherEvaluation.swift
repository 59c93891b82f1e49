// Whether a triggered query is true for the document at hand, and whether a literal stands at a place.

extension Matcher {
    /// The value of the node at `index`.
    mutating func isTrue(_ index: Int, _ program: Program) -> Bool {
        let node = program.nodes[index]
        switch node.operation {
        case .all:
            var child = index + 1
            while child < Int(node.end) {
                guard isTrue(child, program) else { return false }
                child = Int(program.nodes[child].end)
            }
            return true
        case .any:
            var child = index + 1
            while child < Int(node.end) {
                if isTrue(child, program) { return true }
                child = Int(program.nodes[child].end)
            }
            return false
        case .not: return !isTrue(index + 1, program)
        case .filter: return filters.passes(program.filters[Int(node.operand)])
        case .literal:
            guard isPresent(Int(node.operand), program) else { return false }
            return node.fields == program.fields || hasPlace(index, program)
        case .raw:
            return isPresent(Int(program.raws[Int(node.operand)].literal), program) && hasPlace(index, program)
        case .window, .near, .orderedNear: return hasPlace(index, program)
        }
    }

    private mutating func hasPlace(_ index: Int, _ program: Program) -> Bool {
        !firstPlaces(index, program, limit: 1).isEmpty
    }

    /// Whether a literal stands anywhere in the document; asked once per document.
    private mutating func isPresent(_ literal: Int, _ program: Program) -> Bool {
        if presence[literal] | 1 == presenceMark | 1 { return presence[literal] & 1 == 1 }
        let isPresent = firstPlace(literal, program)
        presence[literal] = presenceMark | (isPresent ? 1 : 0)
        return isPresent
    }

    /// Whether the words of a literal stand from the word at `first` on.
    func stands(_ literal: Int, at first: Int, _ program: Program) -> Bool {
        let entry = program.literals[literal]
        guard first >= 0, first + Int(entry.count) <= list.count else { return false }
        for offset in 0..<Int(entry.count) {
            let word = program.literalWords[Int(entry.first) + offset]
            guard equals(first + offset, word.number, program.lexicon) else { return false }
            if word.sign != .none, sign(of: first + offset) != word.sign { return false }
        }
        return true
    }

    func sign(of word: Int) -> Sign {
        Matching.sign(before: Int(list.words[word].start), in: list.text.span)
    }

    /// Whether the document's word is the lexicon's, letter by letter.
    func equals(_ word: Int, _ number: Int, _ lexicon: Lexicon) -> Bool {
        let entry = lexicon.words[number]
        if entry.kind == .wildcard { return matches(word, entry, lexicon) }
        let place = list.words[word]
        guard place.head == entry.head, place.length == UInt32(entry.length) else { return false }
        return entry.length <= 8 || hasSameLetters(place, entry, lexicon)
    }

    private func hasSameLetters(_ place: Word, _ entry: LexiconWord, _ lexicon: Lexicon) -> Bool {
        let isPlain = place.fold == Word.plain
        let letters = isPlain ? list.text.span : list.folded.span
        let start = Int(isPlain ? place.start : place.fold)
        let fold: UInt8 = isPlain ? 0x20 : 0
        let bytes = lexicon.bytes.span
        for index in 8..<Int(entry.length) where letters[start + index] | fold != bytes[Int(entry.offset) + index] {
            return false
        }
        return true
    }

    private func matches(_ word: Int, _ entry: LexiconWord, _ lexicon: Lexicon) -> Bool {
        let place = list.words[word]
        guard place.length > 0 else { return false }
        let isPlain = place.fold == Word.plain
        let pattern = lexicon.bytes.span.extracting(Int(entry.offset)..<Int(entry.offset) + Int(entry.length))
        return Wildcard.matches(
            pattern, isPlain ? list.text.span : list.folded.span, from: Int(isPlain ? place.start : place.fold),
            count: Int(place.length), fold: isPlain ? 0x20 : 0)
    }
}
