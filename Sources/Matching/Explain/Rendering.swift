// A query's tree as text again, the way it was understood: folded words, every AND and parenthesis written out.

import Model

extension Expression {
    /// The node and all below it in one line.
    var rendered: String {
        switch node {
        case .all(let parts): "(" + parts.map(\.rendered).joined(separator: " AND ") + ")"
        case .any(let parts): "(" + parts.map(\.rendered).joined(separator: " OR ") + ")"
        case .not(let part): "NOT " + part.rendered
        case .near(let left, let right, _, _): "(\(left.rendered) \(name) \(right.rendered))"
        case .term(let term): term.rendered
        case .filter(let filter): filter.rendered
        }
    }

    /// The node alone: an operator's name, or a term.
    var name: String {
        switch node {
        case .all: "AND"
        case .any: "OR"
        case .not: "NOT"
        case .near(_, _, let distance, let ordered): "\(ordered ? "ONEAR" : "NEAR")/\(distance)"
        case .term, .filter: rendered
        }
    }

    var children: [Expression] {
        switch node {
        case .all(let parts), .any(let parts): parts
        case .not(let part): [part]
        case .near(let left, let right, _, _): [left, right]
        case .term, .filter: []
        }
    }
}

extension Term {
    fileprivate var rendered: String {
        let text = words.map(\.rendered).joined(separator: " ")
        let distance = slop.map { "~\($0)" } ?? ""
        let quoted = words.count > 1 ? "\"\(text)\"\(distance)" : text
        let content = raw.map { "raw:\"\($0.before)\($0.inside)\($0.behind)\"" } ?? quoted
        guard fields != .text else { return content }
        return fields.names.map { "\($0):\(content)" }.joined(separator: " OR ")
    }
}

extension FieldSet {
    fileprivate var names: [String] {
        Self.all.indices.filter { rawValue >> UInt8($0) & 1 == 1 }.map { Self.all[$0].rawValue }
    }
}

extension WordPattern {
    fileprivate var rendered: String {
        let bytes = folded.map { byte -> UInt8 in
            switch byte {
            case ScalarReader.anyRun: UInt8(ascii: "*")
            case ScalarReader.anyLetter: UInt8(ascii: "?")
            case 0x7F: UInt8(ascii: "_")
            default: byte
            }
        }
        let prefix =
            switch sign {
            case .none: ""
            case .hashtag: "#"
            case .mention: "@"
            }
        return prefix + String(decoding: bytes, as: UTF8.self)
    }
}

extension Filter {
    fileprivate var rendered: String {
        switch self {
        case .site(let host): "site:\(host)"
        case .language(let tag): "lang:\(tag)"
        case .kind(let kind): "kind:\(kind)"
        case .rating(let comparison, let number): "rating:\(comparison.rawValue)\(number)"
        case .label(let name, let value): "label:\(name)" + (value.map { "=\"\($0)\"" } ?? "")
        }
    }
}
