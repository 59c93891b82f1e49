// Why a query hit: the places of its parts that are true, as byte and character offsets into the field's own text.

import Model

/// A stretch of the scanned text.
private struct Stretch: Hashable {
    var start: Int
    var end: Int
}

extension Matcher {
    /// The matches of a query that is true.
    mutating func matches(ofQuery query: Int, _ program: Program) -> [Match] {
        matches(ofNode: Int(program.roots[query]), program)
    }

    /// The matches of a node that is true, in the order of the text, at most `Hit.matchLimit`.
    mutating func matches(ofNode index: Int, _ program: Program) -> [Match] {
        var stretches: [Stretch] = []
        var known: [Match] = []
        collect(index, program, &stretches, &known)
        let ordered = Set(stretches).sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        return Array((textMatches(ordered.prefix(Hit.matchLimit)) + known).prefix(Hit.matchLimit))
    }

    private mutating func collect(
        _ index: Int, _ program: Program, _ stretches: inout [Stretch], _ known: inout [Match]
    ) {
        let node = program.nodes[index]
        switch node.operation {
        case .not: return
        case .filter:
            if let match = filters.match(program.filters[Int(node.operand)]) { known.append(match) }
        case .all, .any: collectChildren(index, program, &stretches, &known)
        case .near, .orderedNear:
            for place in toldPlaces(index, program) {
                stretches.append(stretch(place, signs: signs(at: place, below: index, program)))
            }
            collectInnerNears(index, program, &stretches, &known)
        case .literal:
            let isSigned = literalIsSigned(node.operand, program)
            stretches += toldPlaces(index, program).map { stretch($0, signs: isSigned) }
        case .window: stretches += toldPlaces(index, program).map { stretch($0, signs: false) }
        case .raw:
            let raw = program.raws[Int(node.operand)].raw
            stretches += toldPlaces(index, program).map { place in
                let inside = stretch(place, signs: false)
                return Stretch(start: inside.start - raw.before.utf8.count, end: inside.end + raw.behind.utf8.count)
            }
        }
    }

    /// The places of a part that can be among the first of the whole. Their stretches stand in the same order.
    private mutating func toldPlaces(_ index: Int, _ program: Program) -> ArraySlice<Place> {
        firstPlaces(index, program, limit: Hit.matchLimit).prefix(Hit.matchLimit)
    }

    private mutating func collectChildren(
        _ index: Int, _ program: Program, _ stretches: inout [Stretch], _ known: inout [Match]
    ) {
        var child = index + 1
        while child < Int(program.nodes[index].end) {
            if isTrue(child, program) { collect(child, program, &stretches, &known) }
            child = Int(program.nodes[child].end)
        }
    }

    /// `a NEAR/5 b NEAR/5 c`: shows `a` also where only `b` is near `c`.
    private mutating func collectInnerNears(
        _ index: Int, _ program: Program, _ stretches: inout [Stretch], _ known: inout [Match]
    ) {
        for child in [index + 1, Int(program.nodes[index + 1].end)] {
            switch program.nodes[child].operation {
            case .near, .orderedNear: collect(child, program, &stretches, &known)
            default: break
            }
        }
    }

    private func literalIsSigned(_ literal: UInt32, _ program: Program) -> Bool {
        program.literalWords[Int(program.literals[Int(literal)].first)].sign != .none
    }

    /// Whether the literal that put `place` there starts with a hashtag or a mention.
    private func signs(at place: Place, below index: Int, _ program: Program) -> Bool {
        (index + 1..<Int(program.nodes[index].end)).contains { child in
            let node = program.nodes[child]
            guard node.operation == .literal, literalIsSigned(node.operand, program) else { return false }
            return stands(Int(node.operand), at: place.first, program)
        }
    }

    private func stretch(_ place: Place, signs: Bool) -> Stretch {
        var start = Int(list.words[place.first].start)
        if signs { start -= writtenSign(before: start, in: list.text.span).length }
        return Stretch(start: start, end: Int(list.words[place.last].end))
    }

    // MARK: - Offsets

    private func textMatches(_ stretches: ArraySlice<Stretch>) -> [Match] {
        var counted = (field: -1, byte: 0, scalars: 0)
        return stretches.map { stretch in
            let field = ranges.firstIndex { stretch.start < $0.upperBound } ?? 0
            let base = ranges[field].lowerBound
            if counted.field != field { counted = (field, base, 0) }
            counted.scalars += scalarCount(counted.byte..<stretch.start)
            counted.byte = stretch.start
            let length = scalarCount(stretch.start..<stretch.end)
            return Match(
                field: FieldSet.all[field], bytes: stretch.start - base..<stretch.end - base,
                scalars: counted.scalars..<counted.scalars + length,
                text: String(decoding: list.text[stretch.start..<stretch.end], as: UTF8.self))
        }
    }

    /// Characters that start in a range of bytes: all but continuation bytes.
    private func scalarCount(_ range: Range<Int>) -> Int {
        let text = list.text.span
        var count = 0
        for index in range where text[index] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
