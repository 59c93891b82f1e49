// The language read slowly and obviously: what the compiled matcher is held to. Works on Characters and Strings, with
// Foundation's normalisation; shares no code with the matcher, and tries every pair where the matcher searches.

import Foundation
import Model

/// A query as the tests write and judge it.
indirect enum Wish {
    case word(String)
    /// Words with blanks between them, all literal.
    case phrase([String])
    /// One word with `*` and `?`.
    case wildcard(String)
    case hashtag(String)
    case mention(String)
    case raw(String)
    case window([String], Int)
    case near(Wish, Wish, Int, ordered: Bool)
    case all([Wish])
    case any([Wish])
    case not(Wish)
    case field(Field, Wish)

    /// As a user would type it.
    var query: String {
        switch self {
        case .word(let word): word
        case .phrase(let words): "\"\(words.joined(separator: " "))\""
        case .wildcard(let pattern): pattern
        case .hashtag(let word): "#\(word)"
        case .mention(let word): "@\(word)"
        case .raw(let text): "raw:\"\(text)\""
        case .window(let words, let slop): "\"\(words.joined(separator: " "))\"~\(slop)"
        case .near(let left, let right, let distance, let ordered):
            "(\(left.query) \(ordered ? "ONEAR" : "NEAR")/\(distance) \(right.query))"
        case .all(let parts): "(\(parts.map(\.query).joined(separator: " AND ")))"
        case .any(let parts): "(\(parts.map(\.query).joined(separator: " OR ")))"
        case .not(let part): "NOT \(part.query)"
        case .field(let field, let part): "\(field.rawValue):(\(part.query))"
        }
    }
}

extension Wish {
    fileprivate var isNear: Bool {
        if case .near = self { true } else { false }
    }
}

/// A word of a text, as the oracle sees it.
struct Token {
    var field: Field
    var folded: String
    var written: String
    /// In Unicode scalars of the field's text.
    var start: Int
    var end: Int
    /// "#" or "@" and where that stands, if nothing that shows is between, and no word before that.
    var sign: (sign: Character, start: Int)?
    var paragraph: Int
}

struct Span: Hashable {
    var field: Field
    var start: Int
    var end: Int
}

struct Oracle {
    /// Tokens by field; words of different fields never meet.
    private let fields: [(field: Field, tokens: [Token])]

    init(title: String, body: String, author: String = "") {
        fields = [(.title, title), (.body, body), (.author, author)].map { ($0, Tokens(of: $1, in: $0).all) }
    }

    func matches(_ wish: Wish, in allowed: Set<Field> = [.title, .body]) -> Bool {
        switch wish {
        case .all(let parts): parts.allSatisfy { matches($0, in: allowed) }
        case .any(let parts): parts.contains { matches($0, in: allowed) }
        case .not(let part): !matches(part, in: allowed)
        case .field(let field, let part): matches(part, in: [field])
        default: !runs(wish, allowed).isEmpty
        }
    }

    /// Where the parts that are true stand.
    func spans(_ wish: Wish, in allowed: Set<Field> = [.title, .body]) -> Set<Span> {
        guard matches(wish, in: allowed) else { return [] }
        switch wish {
        case .all(let parts), .any(let parts): return parts.reduce(into: []) { $0.formUnion(spans($1, in: allowed)) }
        case .not: return []
        case .field(let field, let part): return spans(part, in: [field])
        case .near(let left, let right, _, _):
            let inner = [left, right].filter(\.isNear).map { spans($0, in: allowed) }
            return inner.reduce(Set(runs(wish, allowed).map(\.span))) { $0.union($1) }
        default: return Set(runs(wish, allowed).map(\.span))
        }
    }

    /// Consecutive words, by index in their field.
    private struct Run: Hashable {
        var field: Int
        var first: Int
        var last: Int
        var span: Span

        static func == (left: Run, right: Run) -> Bool { left.span == right.span }
        func hash(into hasher: inout Hasher) { hasher.combine(span) }
    }

    private func runs(_ wish: Wish, _ allowed: Set<Field>) -> [Run] {
        switch wish {
        case .word(let text): phrase(Tokens(of: text, in: .body).all.map { test($0) }, allowed)
        case .phrase(let words):
            phrase(words.flatMap { Tokens(of: $0, in: .body).all }.map { test($0) }, allowed)
        case .wildcard(let pattern): phrase([{ Glob.matches(Fold.of(pattern), $0.folded) }], allowed)
        case .hashtag(let word): signed(word, "#", allowed)
        case .mention(let word): signed(word, "@", allowed)
        case .raw(let text): raw(text, allowed)
        case .window(let words, let slop): window(words.flatMap { Tokens(of: $0, in: .body).all }, slop, allowed)
        case .any(let parts): parts.flatMap { runs($0, allowed) }
        case .near(let left, let right, let distance, let ordered): near(left, right, distance, ordered, allowed)
        case .all, .not, .field: []
        }
    }

    private func test(_ wanted: Token) -> (Token) -> Bool {
        { $0.folded == wanted.folded && (wanted.sign == nil || wanted.sign?.sign == $0.sign?.sign) }
    }

    private func phrase(_ tests: [(Token) -> Bool], _ allowed: Set<Field>) -> [Run] {
        var found: [Run] = []
        for (number, (field, tokens)) in fields.enumerated() where allowed.contains(field) && !tests.isEmpty {
            for first in tokens.indices where first + tests.count <= tokens.count {
                let words = tokens[first..<first + tests.count]
                guard zip(words, tests).allSatisfy({ $1($0) }), Set(words.map(\.paragraph)).count == 1 else { continue }
                found.append(run(number, first, first + tests.count - 1))
            }
        }
        return found
    }

    private func run(_ number: Int, _ first: Int, _ last: Int) -> Run {
        let (field, tokens) = fields[number]
        return Run(
            field: number, first: first, last: last,
            span: Span(field: field, start: tokens[first].start, end: tokens[last].end))
    }

    private func signed(_ word: String, _ sign: Character, _ allowed: Set<Field>) -> [Run] {
        phrase([{ $0.folded == Fold.of(word) && $0.sign?.sign == sign }], allowed).map { run in
            var run = run
            run.span.start = fields[run.field].tokens[run.first].sign?.start ?? run.span.start
            return run
        }
    }

    private func raw(_ text: String, _ allowed: Set<Field>) -> [Run] {
        let wanted = Tokens(of: text, in: .body).all
        let tests = wanted.map { wanted in
            { (token: Token) in
                token.folded == wanted.folded && Fold.visible(token.written) == Fold.visible(wanted.written)
            }
        }
        return phrase(tests, allowed)
    }

    private func near(
        _ left: Wish, _ right: Wish, _ distance: Int, _ ordered: Bool, _ allowed: Set<Field>
    ) -> [Run] {
        var near: Set<Run> = []
        let rights = runs(right, allowed)
        for left in runs(left, allowed) {
            for right in rights where left.field == right.field {
                let (before, behind) = left.first <= right.first ? (left, right) : (right, left)
                if ordered, before != left { continue }
                let tokens = fields[left.field].tokens
                let between = behind.first - before.last - 1
                guard between >= 0, between <= distance else { continue }
                guard tokens[before.last].paragraph == tokens[behind.first].paragraph else { continue }
                near.formUnion([left, right])
            }
        }
        return Array(near)
    }

    private func window(_ wanted: [Token], _ slop: Int, _ allowed: Set<Field>) -> [Run] {
        if wanted.count == 1 { return phrase(wanted.map { test($0) }, allowed) }
        var found: [Run] = []
        for (number, (field, tokens)) in fields.enumerated() where allowed.contains(field) {
            for first in tokens.indices {
                let stretch = (first..<min(tokens.count, first + wanted.count + slop)).filter {
                    tokens[$0].paragraph == tokens[first].paragraph
                }
                let words = stretch.map { tokens[$0].folded }
                let isComplete = wanted.allSatisfy { word in
                    words.count { $0 == word.folded } >= wanted.count { $0.folded == word.folded }
                }
                guard isComplete else { continue }
                found += stretch.filter { index in wanted.contains { $0.folded == tokens[index].folded } }
                    .map { run(number, $0, $0) }
            }
        }
        return found
    }
}

/// Folding by Foundation, a whole String at a time.
enum Fold {
    static func of(_ text: String) -> String {
        var folded = visible(text)
        for _ in 0..<3 {
            folded = folded.decomposedStringWithCompatibilityMapping.uppercased().lowercased()
            folded = String(String.UnicodeScalarView(folded.unicodeScalars.filter { !isAccent($0) }))
            for (letter, plain) in [("ı", "i"), ("ø", "o"), ("ł", "l"), ("đ", "d"), ("ς", "σ")] {
                folded = folded.replacingOccurrences(of: letter, with: plain, options: .literal)
            }
        }
        return folded.precomposedStringWithCanonicalMapping
    }

    static func visible(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !isInvisible($0) }))
    }

    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isDefaultIgnorableCodePoint && !(0xE0020...0xE007F).contains(scalar.value)
    }

    static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        let isSkinTone = (0x1F3FB...0x1F3FF).contains(scalar.value)
        let isVoiced = scalar.value == 0x3099 || scalar.value == 0x309A
        return isSkinTone || (scalar.properties.canonicalCombiningClass != .notReordered && !isVoiced)
            || scalar.properties.generalCategory == .enclosingMark
    }
}

/// `*` and `?` by trying everything.
enum Glob {
    static func matches(_ pattern: String, _ word: String) -> Bool {
        guard let first = pattern.unicodeScalars.first else { return word.isEmpty }
        let rest = String(pattern.unicodeScalars.dropFirst())
        let letters = word.unicodeScalars
        if first == "*" {
            return (0...letters.count).contains { matches(rest, String(letters.dropFirst($0))) }
        }
        guard let letter = letters.first, first == "?" || first == letter else { return false }
        return matches(rest, String(letters.dropFirst()))
    }
}

/// Cuts a text into words, grapheme by grapheme.
struct Tokens {
    private(set) var all: [Token] = []
    private let field: Field
    private var word = ""
    private var start = 0
    /// Where the word ends, invisible characters behind it left out.
    private var end = 0
    private var paragraph = 0
    private var lineBreaks = 0
    private let scalars: [Unicode.Scalar]

    init(of text: String, in field: Field) {
        self.field = field
        scalars = Array(text.unicodeScalars)
        var place = 0
        // Invisible characters would glue or split graphemes; they are looked at scalar by scalar.
        for character in text {
            let scalars = Array(character.unicodeScalars)
            if Self.isEmoji(scalars) {
                finish()
                add(character.description, place, place + scalars.count, Fold.of(Self.withoutSelectors(character)))
            } else if Self.isIdeograph(scalars[0]) {
                finish()
                add(character.description, place, place + scalars.count, Fold.of(character.description))
            } else {
                for (offset, scalar) in scalars.enumerated() { read(scalar, at: place + offset) }
            }
            place += scalars.count
        }
        finish()
    }

    private static func isEmoji(_ scalars: [Unicode.Scalar]) -> Bool {
        guard let first = scalars.first, first.value > 0x2000 else { return false }
        return first.properties.isEmoji && first.value != 0x2122
    }

    private static func withoutSelectors(_ character: Character) -> String {
        String(String.UnicodeScalarView(character.unicodeScalars.filter { !(0xFE00...0xFE0F).contains($0.value) }))
    }

    private mutating func read(_ scalar: Unicode.Scalar, at place: Int) {
        if scalar == "\u{2029}" {
            finish()
            lineBreaks = 2
            paragraph += 1
        } else if scalar == "\n" || scalar == "\r" {
            finish()
            if scalar == "\n" || place + 1 == scalars.count || scalars[place + 1] != "\n" { lineBreaks += 1 }
            if lineBreaks >= 2 { paragraph += 1 }
        } else if Fold.isInvisible(scalar) {
            return
        } else if Self.isLetter(scalar) || (!word.isEmpty && Self.isMark(scalar)) {
            if word.isEmpty { start = place }
            word.unicodeScalars.append(scalar)
            end = place + 1
        } else {
            finish()
            if !scalar.properties.isWhitespace, !Self.isMark(scalar) { lineBreaks = 0 }
        }
    }

    /// The sign before a place, if no letter stands before it, accents aside.
    private func sign(before place: Int) -> (sign: Character, start: Int)? {
        guard let start = scalars[..<place].lastIndex(where: { !Fold.isInvisible($0) }),
            ["#", "@"].contains(scalars[start])
        else { return nil }
        let base = scalars[..<start].last { !Self.isMark($0) || Fold.isInvisible($0) } ?? " "
        return Self.isLetter(base) && !Self.isIdeograph(base) ? nil : (Character(scalars[start]), start)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber:
            return true
        case .modifierLetter: return scalar != "\u{2BC}"
        default: return false
        }
    }

    private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isIdeographic || (0x3041...0x3096).contains(scalar.value)
            || (0x30A1...0x30FF).contains(scalar.value)
    }

    private mutating func finish() {
        guard !word.isEmpty else { return }
        add(word, start, end, Fold.of(word))
        word = ""
    }

    private mutating func add(_ written: String, _ start: Int, _ end: Int, _ folded: String) {
        lineBreaks = 0
        all.append(
            Token(
                field: field, folded: folded, written: written, start: start, end: end, sign: sign(before: start),
                paragraph: paragraph))
    }
}
