// What a CSS selector says (Selectors Level 4, as far as XPath 1.0 could say it too), as a value. It is read once and
// asked of many pages.

/// A list of selectors, of which any may match.
package struct CSSSelector: Sendable, Equatable {
    package let text: String
    var alternatives: [Complex]

    /// Reads a selector.
    /// - Throws: what is wrong, and at which character.
    package init(_ text: String) throws(SelectorError) {
        self.text = text
        var parser = CSSParser(text)
        alternatives = try parser.list()
    }

    /// Compounds from right to left: each but the first is reached from the one before it by its combinator.
    struct Complex: Sendable, Equatable {
        var subject: Compound
        var rest: [(combinator: Combinator, compound: Compound)] = []

        static func == (one: Complex, other: Complex) -> Bool {
            one.subject == other.subject
                && one.rest.elementsEqual(other.rest) { $0.combinator == $1.combinator && $0.compound == $1.compound }
        }
    }

    enum Combinator: Sendable, Equatable {
        case descendant, child, next, later
    }

    /// Tests that one element must pass.
    struct Compound: Sendable, Equatable {
        /// In lower case; `nil` for any.
        var tag: String?
        var tests: [Test] = []
    }

    indirect enum Test: Sendable, Equatable {
        case attribute(Attribute)
        case none(of: [Complex])
        case any(of: [Complex])
        /// With the combinator that leads there.
        case has([Inside])
        case nth(Nth)
        case empty, root, scope
        /// Its text holds this, letters as they are.
        case contains(String)
    }

    struct Inside: Sendable, Equatable {
        var combinator: Combinator
        var complex: Complex
    }

    struct Attribute: Sendable, Equatable {
        enum Relation: Sendable, Equatable {
            case exists, equals, startsWith, endsWith, contains, hasWord, hasPrefix
        }

        var name: String
        var relation: Relation
        var value: String
        var ignoresCase = false
    }

    /// `step`n + `offset`, counted from 1.
    struct Nth: Sendable, Equatable {
        var step: Int
        var offset: Int
        var fromEnd = false
        var ofType = false

        func matches(_ place: Int) -> Bool {
            let rest = place - offset
            return step == 0 ? rest == 0 : rest % step == 0 && rest / step >= 0
        }
    }
}

/// What is wrong with a selector.
package struct SelectorError: Error, Sendable, Equatable, CustomStringConvertible {
    /// From 0, in characters.
    package var offset: Int
    package var message: String

    package init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }

    package var description: String { "\(message), at character \(offset + 1)" }
}
