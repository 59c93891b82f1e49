// Finds the queries of a set that match a document: read the words once, let the gate pick the few that anchor
// something, evaluate the queries that these trigger. Holds the scratch space of one thread; a value, never shared.

import Model

struct Matcher {
    var list = WordList()
    var index = WordIndex()
    /// Building the index costs as much as reading all hashes some twenty times.
    static let searchesBeforeIndex = 20
    /// How often this document's hashes were read for a literal.
    var searches = 0
    /// Where each field's text stands in `list.text`; empty for a field that is not looked at.
    var ranges: [Range<Int>] = []
    var filters = FilterReading()
    /// The document's number; what is stamped with another one belongs to an earlier document.
    private var stamp: UInt32 = 0
    private var literalStamps: [UInt32] = []
    private var queryStamps: [UInt32] = []
    private var triggered: [Int] = []
    /// For each literal that was asked for: the stamp, and whether it is there, in the lowest bit.
    var presence: [UInt32] = []
    /// Paragraph numbers by word, made when a NEAR asks.
    var paragraphs: [UInt32] = []
    var presenceMark: UInt32 { stamp << 1 }

    /// Whether an unusually long document has left more scratch space than is worth keeping.
    var isOversized: Bool { list.text.count > 1 << 20 }

    mutating func matches(in document: Document, of set: CompiledSet) -> [Hit] {
        let program = set.program
        let triggers = set.triggers
        begin(document, program)
        trigger(triggers, program)
        if !triggers.wildcards.isEmpty { triggerWildcards(triggers, program) }
        guard !triggered.isEmpty || !triggers.always.isEmpty else { return [] }
        triggered += triggers.always
        triggered.sort()
        var hits: [Hit] = []
        for query in triggered where isTrue(Int(program.roots[query]), program) {
            hits.append(Hit(query: query, matches: matches(ofQuery: query, program)))
        }
        return hits
    }

    mutating func begin(_ document: Document, _ program: Program) {
        nextStamp(program)
        list.begin()
        ranges.removeAll(keepingCapacity: true)
        for (number, field) in FieldSet.all.enumerated() {
            let isUsed = program.fields.rawValue >> UInt8(number) & 1 == 1
            ranges.append(isUsed ? list.append(document.text(of: field)) : list.text.count..<list.text.count)
        }
        list.scan(hash: .process)
        index.invalidate()
        searches = 0
        paragraphs.removeAll(keepingCapacity: true)
        if !program.filters.isEmpty { filters = FilterReading(document) }
        triggered.removeAll(keepingCapacity: true)
    }

    private mutating func nextStamp(_ program: Program) {
        if literalStamps.count != program.literals.count || queryStamps.count != program.roots.count
            || stamp >= UInt32.max >> 1
        {
            literalStamps = Array(repeating: 0, count: program.literals.count)
            presence = Array(repeating: 0, count: program.literals.count)
            queryStamps = Array(repeating: 0, count: program.roots.count)
            stamp = 0
        }
        stamp += 1
    }

    // MARK: - Triggers

    private mutating func trigger(_ triggers: Triggers, _ program: Program) {
        let mask = triggers.gateMask
        let gate = triggers.gate.span
        for word in 0..<list.count {
            let hash = list.words[word].hash
            let bits = Triggers.gateBits(hash)
            guard gate[Int(truncatingIfNeeded: hash & mask)] & bits == bits else { continue }
            triggers.forEachWord(hash) { anchor(word, $0, triggers, program) }
        }
    }

    /// A word of the document stands where a literal's anchor would: looks at the whole literal.
    private mutating func anchor(_ word: Int, _ entry: Int, _ triggers: Triggers, _ program: Program) {
        for index in triggers.literals.range(entry) {
            let literal = triggers.literals.value(index)
            guard literalStamps[literal] != stamp else { continue }
            let first = word - Int(program.literals[literal].anchor)
            guard stands(literal, at: first, program) else { continue }
            literalStamps[literal] = stamp
            for index in triggers.queries.range(literal) {
                let query = triggers.queries.value(index)
                guard queryStamps[query] != stamp else { continue }
                queryStamps[query] = stamp
                triggered.append(query)
            }
        }
    }

    private mutating func triggerWildcards(_ triggers: Triggers, _ program: Program) {
        let wildcards = triggers.wildcards
        for word in 0..<list.count where !list.isBorder(word) {
            let length = Int(list.words[word].length)
            wildcards.front.forEach(list.words[word].head, length) { anchor(word, $0, triggers, program) }
            if !wildcards.back.isEmpty {
                wildcards.back.forEach(list.tail(word), length) { anchor(word, $0, triggers, program) }
            }
            for pattern in wildcards.loose { anchor(word, pattern, triggers, program) }
            if !wildcards.pairGate.isEmpty { triggerPairs(word, triggers, program) }
        }
    }

    private mutating func triggerPairs(_ word: Int, _ triggers: Triggers, _ program: Program) {
        let wildcards = triggers.wildcards
        let place = list.words[word]
        let isPlain = place.fold == Word.plain
        let letters = isPlain ? list.text : list.folded
        let start = Int(isPlain ? place.start : place.fold)
        let fold: UInt8 = isPlain ? 0x20 : 0
        // The whole word is asked for, wherever in it the pair stands: once, however long a stranger made the word.
        var tried: Set<UInt16> = []
        for index in start..<start + max(0, Int(place.length) - 1) {
            let pair = UInt16(letters[index] | fold) | UInt16(letters[index + 1] | fold) << 8
            guard wildcards.pairGate[Int(pair >> 6)] >> UInt64(pair & 63) & 1 == 1 else { continue }
            guard tried.insert(pair).inserted else { continue }
            for pattern in wildcards.patterns(ofPair: pair) { anchor(word, pattern, triggers, program) }
        }
    }
}

extension Document {
    func text(of field: Field) -> String {
        switch field {
        case .title: title
        case .body: body
        case .author: author
        case .url: url
        case .source: source
        case .site, .lang, .kind, .rating, .label: ""
        }
    }
}
