// A query as a tree: what the parser makes and what is compiled, explained and evaluated. Places are offsets in the
// query's Unicode scalars, for carets. Knows nothing of documents.

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

/// One word of a query, folded.
struct WordPattern: Hashable, Sendable {
    enum Sign: UInt8, Sendable {
        case none, hashtag, mention
    }

    /// Folded bytes; `ScalarReader.anyRun` and `.anyLetter` stand for `*` and `?`.
    var folded: [UInt8]
    var sign = Sign.none

    var hasWildcard: Bool { folded.contains { $0 <= ScalarReader.anyLetter } }
}

/// A word or phrase.
struct Term: Hashable, Sendable {
    /// What `raw:` wants to find letter by letter: the words as typed, and the punctuation around them.
    struct Raw: Hashable, Sendable {
        var before: String
        var inside: String
        var behind: String
    }

    /// One word, or the words of a phrase; never empty.
    var words: [WordPattern]
    var fields: FieldSet
    var raw: Raw?
    /// `"a b"~5`: the words in any order with at most so many others among them.
    var slop: Int?
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

/// A node of the tree, with the place of the query it was read from.
struct Expression: Sendable {
    indirect enum Node: Sendable {
        case all([Expression])
        case any([Expression])
        case not(Expression)
        case term(Term)
        case filter(Filter)
        case near(Expression, Expression, distance: Int, ordered: Bool)
    }

    var node: Node
    var place: Range<Int>
}

extension Expression {
    /// The value for a document in which no term and no filter hits: a query for which this is true looks for what is
    /// absent.
    var matchesNothingness: Bool {
        switch node {
        case .all(let parts): parts.allSatisfy(\.matchesNothingness)
        case .any(let parts): parts.contains(where: \.matchesNothingness)
        case .not(let part): !part.matchesNothingness
        case .term, .filter, .near: false
        }
    }

    /// Every term, in the order in which it was written.
    var terms: [Term] {
        switch node {
        case .all(let parts), .any(let parts): parts.flatMap(\.terms)
        case .not(let part): part.terms
        case .term(let term): [term]
        case .filter: []
        case .near(let left, let right, _, _): left.terms + right.terms
        }
    }
}
