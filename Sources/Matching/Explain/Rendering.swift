// A query's tree as text again, the way it was understood: folded words, every AND and parenthesis written out.

import Model

extension Expression {
    /// A part and all below it in one line.
    func rendered(_ index: Int) -> String {
        let node = nodes[index]
        switch node.kind {
        case .not: return "NOT " + rendered(index + 1)
        case .all, .any, .near, .orderedNear:
            return "(" + parts(of: index).map { rendered($0) }.joined(separator: " \(name(index)) ") + ")"
        case .term: return rendered(term(node))
        case .filter: return filter(node).rendered
        }
    }

    /// The part's own node alone: an operator's name, or a term.
    func name(_ index: Int) -> String {
        switch nodes[index].kind {
        case .all: "AND"
        case .any: "OR"
        case .not: "NOT"
        case .near: "NEAR/\(nodes[index].operand)"
        case .orderedNear: "ONEAR/\(nodes[index].operand)"
        case .term, .filter: rendered(index)
        }
    }

    private func rendered(_ term: Term) -> String {
        let text = words[term.words].map { rendered($0) }.joined(separator: " ")
        let quoted = term.words.count > 1 ? "\"\(text)\"" : text
        let content =
            switch term.kind {
            case .plain: quoted
            case .window(let slop): "\(quoted)~\(slop)"
            case .raw(let index): "raw:\"\(raws[index].before)\(raws[index].inside)\(raws[index].behind)\""
            }
        guard term.fields != .text else { return content }
        return term.fields.names.map { "\($0):\(content)" }.joined(separator: " OR ")
    }

    private func rendered(_ word: Word) -> String {
        let bytes = letters(of: word).map { byte -> UInt8 in
            switch byte {
            case ScalarReader.anyRun: UInt8(ascii: "*")
            case ScalarReader.anyLetter: UInt8(ascii: "?")
            case 0x7F: UInt8(ascii: "_")
            default: byte
            }
        }
        let prefix =
            switch word.sign {
            case .none: ""
            case .hashtag: "#"
            case .mention: "@"
            }
        return prefix + String(decoding: bytes, as: UTF8.self)
    }
}

extension FieldSet {
    fileprivate var names: [String] {
        Self.all.indices.filter { rawValue >> UInt8($0) & 1 == 1 }.map { Self.all[$0].rawValue }
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
