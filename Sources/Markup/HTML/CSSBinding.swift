// A selector made ready for one page: names become the page's numbers, once, so that matching compares numbers and
// bytes.

/// A selector made ready for one page.
package struct BoundSelector: Sendable {
    var alternatives: [BoundComplex]
}

/// Names are this page's numbers; -1 is a name the page does not have.
struct BoundComplex: Sendable {
    var subject: BoundCompound
    var rest: [(combinator: CSSSelector.Combinator, compound: BoundCompound)]
    /// The only elements that can match, in document order, where the subject names anything.
    var candidates: ArraySlice<Int32>?

    /// Whether the page has what the selector names.
    var isPossible: Bool { subject.isPossible && rest.allSatisfy(\.compound.isPossible) }
}

struct BoundCompound: Sendable {
    var tag: Int32?
    var tests: [BoundTest]
    var isPossible = true
}

indirect enum BoundTest: Sendable {
    case attribute(name: Int32, CSSSelector.Attribute.Relation, [UInt8], ignoresCase: Bool)
    case none(of: [BoundComplex])
    case any(of: [BoundComplex])
    case has([(combinator: CSSSelector.Combinator, complex: BoundComplex)])
    case nth(CSSSelector.Nth)
    case empty, root, scope
    case contains([UInt8])
}

extension HTMLTree {
    /// A selector with this page's numbers for its names: for one that is asked many times.
    package func bind(_ selector: CSSSelector) -> BoundSelector {
        BoundSelector(alternatives: selector.alternatives.map(bind).filter(\.isPossible))
    }

    private func bind(_ complex: CSSSelector.Complex) -> BoundComplex {
        BoundComplex(
            subject: bind(complex.subject), rest: complex.rest.map { ($0.combinator, bind($0.compound)) },
            candidates: candidates(complex.subject))
    }

    /// The shortest of the lists that the index has for what a compound names.
    private func candidates(_ compound: CSSSelector.Compound) -> ArraySlice<Int32>? {
        var lists: [ArraySlice<Int32>] = []
        if let tag = compound.tag { lists.append(index.elements(named: number(of: tag) ?? -1)) }
        for case .attribute(let test) in compound.tests where !test.ignoresCase {
            let value = Array(test.value.utf8)
            if test.name == "class", test.relation == .hasWord { lists.append(index.elements(withClass: value)) }
            if test.name == "id", test.relation == .equals { lists.append(index.elements(withID: value)) }
        }
        return lists.min { $0.count < $1.count }
    }

    private func bind(_ compound: CSSSelector.Compound) -> BoundCompound {
        let tag = compound.tag.map { number(of: $0) ?? -1 }
        var bound = BoundCompound(tag: tag, tests: compound.tests.map(bind), isPossible: tag != -1)
        for case .attribute(let name, _, _, _) in bound.tests where name == -1 { bound.isPossible = false }
        return bound
    }

    private func bind(_ test: CSSSelector.Test) -> BoundTest {
        switch test {
        case .attribute(let test):
            let value = test.ignoresCase ? test.value.lowercased() : test.value
            return .attribute(
                name: number(of: test.name) ?? -1, test.relation, Array(value.utf8), ignoresCase: test.ignoresCase)
        case .none(let list): return .none(of: list.map(bind))
        case .any(let list): return .any(of: list.map(bind))
        case .has(let list): return .has(list.map { ($0.combinator, bind($0.complex)) })
        case .nth(let nth): return .nth(nth)
        case .empty: return .empty
        case .root: return .root
        case .scope: return .scope
        case .contains(let text): return .contains(Array(text.utf8))
        }
    }
}

extension HTMLTree {
    /// The tags, classes and ids that a selector names, outside its pseudo-classes, and no element bears: `.post`.
    package func missingNames(of selector: CSSSelector) -> [String] {
        selector.alternatives.flatMap { [$0.subject] + $0.rest.map(\.compound) }.flatMap { compound in
            let tag = compound.tag.flatMap { number(of: $0) == nil ? $0 : nil }
            return [tag].compactMap(\.self) + compound.tests.compactMap(missingName)
        }
    }

    private func missingName(_ test: CSSSelector.Test) -> String? {
        guard case .attribute(let attribute) = test else { return nil }
        switch (attribute.name, attribute.relation) {
        case ("class", .hasWord): return hasElement(class: attribute.value) ? nil : ".\(attribute.value)"
        case ("id", .equals): return hasElement(id: attribute.value) ? nil : "#\(attribute.value)"
        default: return number(of: attribute.name) == nil ? "[\(attribute.name)]" : nil
        }
    }
}
