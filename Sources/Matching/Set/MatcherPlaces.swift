// Where the parts of a query stand in the document at hand: the places of literals, and NEAR between them. Every step
// is linear, or sorts, in the number of places.

/// Words of the document, the first and the last of a literal's.
struct Place: Hashable {
    var first: Int
    var last: Int
}

extension Matcher {
    /// The places of a literal, NEAR or group of them that count, sorted; none for anything else.
    ///
    /// Of a NEAR: the places on both sides that have a partner.
    mutating func places(_ index: Int, _ program: Program) -> [Place] {
        let node = program.nodes[index]
        switch node.operation {
        case .literal: return places(ofLiteral: Int(node.operand), node.fields, program)
        case .raw: return rawPlaces(node, program)
        case .window: return windowPlaces(node, program)
        case .any: return groupPlaces(index, program)
        case .near, .orderedNear: return nearPlaces(index, program)
        case .all, .not, .filter: return []
        }
    }

    private mutating func groupPlaces(_ index: Int, _ program: Program) -> [Place] {
        var all: [Place] = []
        var child = index + 1
        while child < Int(program.nodes[index].end) {
            all += places(child, program)
            child = Int(program.nodes[child].end)
        }
        return all.sortedUniquely
    }

    // MARK: - Literals

    /// Whether the index is there, or so many literals were looked for by reading all hashes that it is built now.
    private mutating func isWorthAnIndex() -> Bool {
        guard !index.isBuilt else { return true }
        searches += 1
        guard searches > Self.searchesBeforeIndex else { return false }
        index.build(list.words, count: list.count)
        return true
    }

    mutating func firstPlace(_ literal: Int, _ program: Program) -> Bool {
        var isThere = false
        forEachPlace(literal, program) { _ in
            isThere = true
            return false
        }
        return isThere
    }

    func fields(of word: Int) -> FieldSet {
        let start = Int(list.words[word].start)
        let number = ranges.firstIndex { start < $0.upperBound } ?? 0
        return FieldSet(rawValue: 1 << UInt8(number))
    }

    private mutating func places(ofLiteral literal: Int, _ fields: FieldSet, _ program: Program) -> [Place] {
        var places: [Place] = []
        let length = Int(program.literals[literal].count)
        forEachPlace(literal, program) {
            places.append(Place(first: $0, last: $0 + length - 1)); return true
        }
        return fields == program.fields ? places : places.filter { fields.contains(self.fields(of: $0.first)) }
    }

    /// Calls `body` with the first word of each place, in order, while it returns true.
    private mutating func forEachPlace(_ literal: Int, _ program: Program, _ body: (Int) -> Bool) {
        let entry = program.literals[literal]
        let anchor = program.literalWords[Int(entry.first) + Int(entry.anchor)]
        let word = program.lexicon.words[anchor.number]
        if word.kind == .wildcard {
            for place in 0..<list.count where equals(place, anchor.number, program.lexicon) {
                let first = place - Int(entry.anchor)
                if stands(literal, at: first, program), !body(first) { return }
            }
            return
        }
        guard index.mayHold(word.hash, list.words, count: list.count) else { return }
        if isWorthAnIndex() {
            var place = index.first(word.hash, list.words)
            while let found = place {
                let first = found - Int(entry.anchor)
                if stands(literal, at: first, program), !body(first) { return }
                place = index.next(after: found)
            }
        } else {
            var place = list.next(word.hash, from: 0)
            while place < list.count {
                let first = place - Int(entry.anchor)
                if stands(literal, at: first, program), !body(first) { return }
                place = list.next(word.hash, from: place + 1)
            }
        }
    }

    private mutating func rawPlaces(_ node: ProgramNode, _ program: Program) -> [Place] {
        let (literal, raw) = program.raws[Int(node.operand)]
        return places(ofLiteral: Int(literal), node.fields, program).filter { isWritten(raw, $0) }
    }

    /// Whether a place is written as `raw:` wants it. Strings compare canonically, so NFC and NFD are the same.
    private func isWritten(_ raw: Raw, _ place: Place) -> Bool {
        let start = Int(list.words[place.first].start)
        let end = Int(list.words[place.last].end)
        return String(decoding: list.text[start..<end], as: UTF8.self).visible == raw.inside
            && list.text[..<start].reversed().starts(with: raw.before.utf8.reversed())
            && list.text[end...].starts(with: raw.behind.utf8)
    }

    // MARK: - NEAR

    private mutating func numberParagraphs() {
        guard paragraphs.isEmpty else { return }
        var paragraph: UInt32 = 0
        for word in 0..<list.count {
            if list.isBorder(word) { paragraph += 1 }
            paragraphs.append(paragraph)
        }
    }

    private mutating func nearPlaces(_ index: Int, _ program: Program) -> [Place] {
        let node = program.nodes[index]
        let left = places(index + 1, program)
        guard !left.isEmpty else { return [] }
        let right = places(Int(program.nodes[index + 1].end), program)
        guard !right.isEmpty else { return [] }
        numberParagraphs()
        let distance = Int(node.operand)
        var near = pairs(left, before: right, distance)
        if node.operation == .near { near += pairs(right, before: left, distance) }
        return near.sortedUniquely
    }

    /// The places of `left` and `right` where one of `right` starts at most `distance` words behind one of `left`.
    private func pairs(_ left: [Place], before right: [Place], _ distance: Int) -> [Place] {
        let byEnd = left.sorted { $0.last < $1.last }
        var near = byEnd.filter { place in
            let partner = right.partition(from: 0) { $0.first > place.last }
            return partner < right.count && isNear(place, right[partner], distance)
        }
        near += right.filter { place in
            let partner = byEnd.partition(from: 0) { $0.last >= place.first } - 1
            return partner >= 0 && isNear(byEnd[partner], place, distance)
        }
        return near
    }

    private func isNear(_ left: Place, _ right: Place, _ distance: Int) -> Bool {
        right.first - left.last - 1 <= distance && paragraphs[left.last] == paragraphs[right.first]
    }

    // MARK: - Windows

    /// The words of `"a b"~5` wherever they all stand in so short a stretch; each word is a place.
    private mutating func windowPlaces(_ node: ProgramNode, _ program: Program) -> [Place] {
        let (literal, slop) = program.windows[Int(node.operand)]
        let entry = program.literals[Int(literal)]
        let words = Array(program.literalWords[Int(entry.first)..<Int(entry.first) + Int(entry.count)])
        let needed = words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        let marked = windowMarks(Array(needed.keys), node.fields, program)
        numberParagraphs()
        return windows(in: marked, needed: needed.map { ($0.key, $0.value) }, length: words.count + slop)
    }

    /// Every word of the document that one of the window's words matches, with that word, in order.
    private mutating func windowMarks(
        _ words: [LiteralWord], _ fields: FieldSet, _ program: Program
    ) -> [(place: Int, word: LiteralWord)] {
        var marked: [(place: Int, word: LiteralWord)] = []
        for place in 0..<list.count {
            for word in words where equals(place, word.number, program.lexicon) {
                guard word.sign == .none || sign(of: place) == word.sign else { continue }
                guard fields.contains(self.fields(of: place)) else { continue }
                marked.append((place, word))
            }
        }
        return marked
    }

    /// Slides over the marked words, and keeps those inside a stretch of `length` words that holds all that is needed.
    private func windows(
        in marked: [(place: Int, word: LiteralWord)], needed: [(word: LiteralWord, count: Int)], length: Int
    ) -> [Place] {
        var found: [Place] = []
        var held: [LiteralWord: Int] = [:]
        var start = 0
        var kept = 0
        for end in marked.indices {
            held[marked[end].word, default: 0] += 1
            while marked[end].place - marked[start].place >= length
                || paragraphs[marked[start].place] != paragraphs[marked[end].place]
            {
                held[marked[start].word, default: 0] -= 1
                start += 1
            }
            guard needed.allSatisfy({ held[$0.word, default: 0] >= $0.count }) else { continue }
            for index in max(start, kept)...end {
                found.append(Place(first: marked[index].place, last: marked[index].place))
            }
            kept = end + 1
        }
        return found.sortedUniquely
    }
}

extension [Place] {
    fileprivate var sortedUniquely: [Place] {
        let ordered = sorted { ($0.first, $0.last) < ($1.first, $1.last) }
        return ordered.indices.filter { $0 == 0 || ordered[$0] != ordered[$0 - 1] }.map { ordered[$0] }
    }

    /// The first index whose element satisfies a test that holds from some element on.
    fileprivate func partition(from start: Int, _ holds: (Place) -> Bool) -> Int {
        var (low, high) = (start, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
