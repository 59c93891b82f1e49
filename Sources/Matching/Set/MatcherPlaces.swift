// Where the parts of a query stand in the document at hand: the places of literals, and NEAR between them. Every step
// is linear, or sorts, in the number of places; and of many, only the first are looked for.

/// Words of the document, the first and the last of a literal's.
struct Place: Hashable {
    var first: Int
    var last: Int
}

extension Matcher {
    /// How many words are looked at first; most posts have fewer.
    private static let firstWords = 1024

    /// The places of a literal, NEAR or group of them that count, sorted; none for anything else. All of them, or the
    /// first: at least `limit` then, and the time is that of finding these, however many a stranger has written.
    ///
    /// Of a NEAR: the places on both sides that have a partner.
    mutating func firstPlaces(_ index: Int, _ program: Program, limit: Int) -> [Place] {
        var end = Self.firstWords
        while end < list.count {
            let places = places(index, program, before: end)
            let reach = program.reach(index)
            let sure = places.partition(from: 0) { $0.first + reach >= end }
            if sure >= limit { return Array(places[..<sure]) }
            end *= 8
        }
        return places(index, program, before: list.count)
    }

    /// The places, as far as the words before `end` show; those that stand no less than their reach before it are
    /// the same in the whole text.
    private mutating func places(_ index: Int, _ program: Program, before end: Int) -> [Place] {
        let node = program.nodes[index]
        switch node.operation {
        case .literal: return places(ofLiteral: Int(node.operand), node.fields, program, before: end)
        case .raw: return rawPlaces(node, program, before: end)
        case .window: return windowPlaces(node, program, before: end)
        case .any: return groupPlaces(index, program, before: end)
        case .near, .orderedNear: return nearPlaces(index, program, before: end)
        case .all, .not, .filter: return []
        }
    }

    private mutating func groupPlaces(_ index: Int, _ program: Program, before end: Int) -> [Place] {
        var all: [Place] = []
        var child = index + 1
        while child < Int(program.nodes[index].end) {
            all += places(child, program, before: end)
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
        forEachPlace(literal, program, before: list.count) { _ in
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

    private mutating func places(
        ofLiteral literal: Int, _ fields: FieldSet, _ program: Program, before end: Int
    ) -> [Place] {
        var places: [Place] = []
        let length = Int(program.literals[literal].count)
        forEachPlace(literal, program, before: end) {
            places.append(Place(first: $0, last: $0 + length - 1)); return true
        }
        return fields == program.fields ? places : places.filter { fields.contains(self.fields(of: $0.first)) }
    }

    /// Calls `body` with the first word of each place whose anchor stands before the word at `end`, in order, while it
    /// returns true.
    private mutating func forEachPlace(
        _ literal: Int, _ program: Program, before end: Int, _ body: (Int) -> Bool
    ) {
        let entry = program.literals[literal]
        let anchor = program.literalWords[Int(entry.first) + Int(entry.anchor)]
        let word = program.lexicon.words[anchor.number]
        if word.kind == .wildcard {
            for place in 0..<end where equals(place, anchor.number, program.lexicon) {
                let first = place - Int(entry.anchor)
                if stands(literal, at: first, program), !body(first) { return }
            }
            return
        }
        guard index.mayHold(word.hash, list.words, count: list.count) else { return }
        if isWorthAnIndex() {
            var place = index.first(word.hash, list.words)
            while let found = place, found < end {
                let first = found - Int(entry.anchor)
                if stands(literal, at: first, program), !body(first) { return }
                place = index.next(after: found)
            }
        } else {
            var place = list.next(word.hash, in: 0..<end)
            while place < end {
                let first = place - Int(entry.anchor)
                if stands(literal, at: first, program), !body(first) { return }
                place = list.next(word.hash, in: place + 1..<end)
            }
        }
    }

    private mutating func rawPlaces(_ node: ProgramNode, _ program: Program, before end: Int) -> [Place] {
        let (literal, raw) = program.raws[Int(node.operand)]
        return places(ofLiteral: Int(literal), node.fields, program, before: end).filter { isWritten(raw, $0) }
    }

    /// Whether a place is written as `raw:` wants it. Strings compare canonically, so NFC and NFD are the same.
    private func isWritten(_ raw: Raw, _ place: Place) -> Bool {
        let start = Int(list.words[place.first].start)
        let end = Int(list.words[place.last].end)
        return isSame(list.text[start..<end], raw.inside)
            && list.text[..<start].reversed().starts(with: raw.before.utf8.reversed())
            && list.text[end...].starts(with: raw.behind.utf8)
    }

    /// Of ASCII the bytes alone say it: no String is made for each place of a text that is full of them.
    private func isSame(_ written: ArraySlice<UInt8>, _ wanted: String) -> Bool {
        let isPlain = written.allSatisfy { $0 < 0x80 } && wanted.utf8.allSatisfy { $0 < 0x80 }
        return isPlain
            ? written.elementsEqual(wanted.utf8) : String(decoding: written, as: UTF8.self).visible == wanted
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

    private mutating func nearPlaces(_ index: Int, _ program: Program, before end: Int) -> [Place] {
        let node = program.nodes[index]
        let left = places(index + 1, program, before: end)
        guard !left.isEmpty else { return [] }
        let right = places(Int(program.nodes[index + 1].end), program, before: end)
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
    private mutating func windowPlaces(_ node: ProgramNode, _ program: Program, before end: Int) -> [Place] {
        let (literal, slop) = program.windows[Int(node.operand)]
        let entry = program.literals[Int(literal)]
        let words = Array(program.literalWords[Int(entry.first)..<Int(entry.first) + Int(entry.count)])
        let needed = words.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        let marked = windowMarks(Array(needed.keys), node.fields, program, before: end)
        numberParagraphs()
        return windows(in: marked, needed: needed.map { ($0.key, $0.value) }, length: words.count + slop)
    }

    /// Every word before the one at `end` that one of the window's words matches, with that word, in order.
    private mutating func windowMarks(
        _ words: [LiteralWord], _ fields: FieldSet, _ program: Program, before end: Int
    ) -> [(place: Int, word: LiteralWord)] {
        var marked: [(place: Int, word: LiteralWord)] = []
        for place in 0..<end {
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

extension Program {
    /// How many words behind the first of a place there may be that decide whether it counts, at most.
    fileprivate func reach(_ index: Int) -> Int {
        var (distances, nears, longest) = (0, 0, 0)
        for node in nodes[index..<Int(nodes[index].end)] {
            switch node.operation {
            case .literal: longest = max(longest, Int(literals[Int(node.operand)].count))
            case .raw: longest = max(longest, Int(literals[Int(raws[Int(node.operand)].literal)].count))
            case .window:
                let (literal, slop) = windows[Int(node.operand)]
                longest = max(longest, Int(literals[Int(literal)].count) + slop)
            case .near, .orderedNear:
                distances += Int(node.operand)
                nears += 1
            case .all, .any, .not, .filter: break
            }
        }
        // A NEAR reaches over its partner, and a window at its end as far as it is long.
        return distances + (nears + 2) * longest
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
