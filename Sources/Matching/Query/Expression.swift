// A query as a tree in flat arrays: what the parser makes and what is compiled and explained. Each node stands before
// all below it, so that a part of a tree is a stretch of nodes. Places are byte offsets in the query's text, for
// carets. Knows nothing of documents.

import Model

/// The text fields that words can stand in, as a set.
struct FieldSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let title = FieldSet(rawValue: 1)
    static let body = FieldSet(rawValue: 2)
    static let author = FieldSet(rawValue: 4)
    static let url = FieldSet(rawValue: 8)
    static let source = FieldSet(rawValue: 16)

    /// Where a query without a field looks.
    static let text: FieldSet = [.title, .body]

    /// The fields in the order in which a document's words are numbered.
    static let all: [Field] = [.title, .body, .author, .url, .source]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The set of one field; `nil` for a field that holds no words (`lang`, `rating`, …).
    init?(_ field: Field) {
        guard let index = Self.all.firstIndex(of: field) else { return nil }
        self.init(rawValue: 1 << UInt8(index))
    }
}

/// What a word's sign in a query asks for.
enum Sign: UInt8, Sendable {
    case none, hashtag, mention
}

/// What `raw:` wants to find letter by letter: the words as typed, and the punctuation around them.
struct Raw: Hashable, Sendable {
    var before: String
    var inside: String
    var behind: String
}

/// A test of something that is not text.
enum Filter: Hashable, Sendable {
    enum Comparison: String, Hashable, Sendable {
        case less = "<"
        case atMost = "<="
        case equal = "="
        case atLeast = ">="
        case more = ">"
    }

    /// The host or one of its parents, lower case.
    case site(String)
    /// A BCP 47 tag or its beginning, lower case, with hyphens.
    case language(String)
    case kind(String)
    case rating(Comparison, Double)
    /// A label's name, and its value unless any will do.
    case label(String, String?)
}

struct Expression: Sendable {
    struct Node: Sendable {
        enum Kind: UInt8, Sendable {
            case all, any, not
            /// `operand` words at most in between; two parts.
            case near, orderedNear
            /// `operand` indexes `terms` or `filters`.
            case term, filter
        }

        var kind: Kind
        var operand: UInt32 = 0
        /// How many nodes the part has, this one included.
        var size: UInt32 = 1
        var place: Range<Int>
    }

    /// One word, folded.
    struct Word: Sendable {
        /// Of the folded bytes.
        var hash: UInt64
        /// Where its folded bytes stand in `letters`, eight zeros behind them.
        var start: UInt32
        var length: UInt16
        var sign = Sign.none
        var hasWildcard: Bool
    }

    /// A word or phrase.
    struct Term: Sendable {
        enum Kind: Sendable {
            case plain
            /// `raw:`, by its index in `raws`.
            case raw(Int)
            /// `"a b"~5`: the words in any order with at most so many others among them.
            case window(slop: Int)
        }

        /// Where its words stand in `words`; never empty.
        var words: Range<Int>
        var fields: FieldSet
        var kind: Kind
    }

    /// The root and all below it.
    var nodes: [Node] = []
    var terms: [Term] = []
    var words: [Word] = []
    /// Folded bytes; `ScalarReader.anyRun` and `.anyLetter` stand for `*` and `?`.
    var letters: [UInt8] = []
    var raws: [Raw] = []
    var filters: [Filter] = []

    func term(_ node: Node) -> Term { terms[Int(node.operand)] }
    func filter(_ node: Node) -> Filter { filters[Int(node.operand)] }

    /// The folded bytes of a word.
    func letters(of word: Word) -> ArraySlice<UInt8> { letters[Int(word.start)..<Int(word.start) + Int(word.length)] }

    /// The nodes directly below the one at `index`, in order.
    func parts(of index: Int) -> Parts {
        Parts(nodes: nodes, index: index + 1, end: index + Int(nodes[index].size))
    }

    struct Parts: Sequence, IteratorProtocol {
        fileprivate let nodes: [Node]
        fileprivate var index: Int
        fileprivate let end: Int

        mutating func next() -> Int? {
            guard index < end else { return nil }
            defer { index += Int(nodes[index].size) }
            return index
        }
    }

    /// Makes everything from `index` on a part of a new node there.
    mutating func wrap(_ kind: Node.Kind, from index: Int, operand: UInt32 = 0) {
        nodes.insert(Node(kind: kind, operand: operand, place: nodes[index].place), at: index)
        close(index)
    }

    /// Makes everything behind the node at `index` a part of it.
    mutating func close(_ index: Int) {
        nodes[index].size = UInt32(nodes.count - index)
        var (start, end) = (nodes[index].place.lowerBound, nodes[index].place.upperBound)
        for part in parts(of: index) {
            start = min(start, nodes[part].place.lowerBound)
            end = max(end, nodes[part].place.upperBound)
        }
        nodes[index].place = start..<end
    }
}

extension Expression {
    /// Whether a part is a NOT, or nothing but NOTs joined.
    func isPureNegation(_ index: Int) -> Bool {
        switch nodes[index].kind {
        case .not: !isPureNegation(index + 1)
        case .all, .any: parts(of: index).allSatisfy { isPureNegation($0) }
        case .near, .orderedNear, .term, .filter: false
        }
    }
}
