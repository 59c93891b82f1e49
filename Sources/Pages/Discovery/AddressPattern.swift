// Addresses as engines' files write them: `{root}/t/{slug}/{id}`, `{root}/viewtopic.php?t={t}`. `{root}` is whatever
// stands before, `{origin}` the scheme and host; every other name is part of one segment or the value of a parameter.

internal import Model

/// A pattern of addresses of one kind of page.
struct AddressPattern {
    private let segments: [Substring]
    private let parameters: [(name: Substring, hole: Substring?)]

    init(_ pattern: String) {
        let parts = pattern.split(separator: "?", maxSplits: 1)
        let path = parts.first.map { $0.hasPrefix("{root}") ? $0.dropFirst("{root}".count) : Self.withoutOrigin($0) }
        segments = (path ?? "").split(separator: "/")
        parameters = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { parameter in
            let sides = parameter.split(separator: "=", maxSplits: 1)
            return (sides[0], sides.count > 1 ? sides[1] : nil)
        }
    }

    private static func withoutOrigin(_ text: Substring) -> Substring {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        return rest.firstIndex(of: "/").map { rest[$0...] } ?? ""
    }

    /// What the names stand for in `address`; `nil` where it is no such address.
    func match(_ address: String) -> [String: String]? {
        guard let parts = AddressParts(address) else { return nil }
        for start in parts.segments.indices where start + segments.count <= parts.segments.count {
            guard var names = match(parts.segments[start..<start + segments.count]) else { continue }
            guard let query = matchQuery(parts.parameters) else { return nil }
            names.merge(query) { first, _ in first }
            names["origin"] = parts.origin
            names["root"] = ([parts.origin] + parts.segments[..<start].map(String.init)).joined(separator: "/")
            return names
        }
        return nil
    }

    private func match(_ found: ArraySlice<Substring>) -> [String: String]? {
        var names: [String: String] = [:]
        for (pattern, segment) in zip(segments, found) {
            guard let open = pattern.firstIndex(of: "{"), let close = pattern.firstIndex(of: "}") else {
                if pattern != segment { return nil }
                continue
            }
            let before = pattern[..<open]
            let after = pattern[pattern.index(after: close)...]
            guard segment.hasPrefix(before), segment.hasSuffix(after), segment.count > before.count + after.count
            else { return nil }
            let name = pattern[pattern.index(after: open)..<close]
            names[String(name)] = String(segment.dropFirst(before.count).dropLast(after.count))
        }
        return names
    }

    private func matchQuery(_ found: [(name: Substring, value: Substring)]) -> [String: String]? {
        var names: [String: String] = [:]
        for (name, hole) in parameters {
            // `showthread.php?{t}` takes any query.
            guard let hole else {
                if found.isEmpty { return nil }
                continue
            }
            guard let value = found.first(where: { $0.name == name })?.value, !value.isEmpty else { return nil }
            names[String(hole.dropFirst().dropLast())] = String(value)
        }
        return names
    }

    /// `template` with the names filled in; `nil` where one of them is not known.
    static func fill(_ template: String, _ names: [String: String]) -> String? {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            guard let value = names[String(rest[rest.index(after: open)..<close])] else { return nil }
            result += rest[..<open] + value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}

/// An address in pieces.
struct AddressParts {
    var origin: String
    var segments: [Substring]
    var parameters: [(name: Substring, value: Substring)]

    init?(_ address: String) {
        guard let scheme = address.firstRange(of: "://") else { return nil }
        let rest = address[scheme.upperBound...].prefix { $0 != "#" }
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        guard !host.isEmpty else { return nil }
        origin = String(address[..<scheme.upperBound] + host)
        let sides = rest[host.endIndex...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        segments = (sides.first ?? "").split(separator: "/")
        parameters = (sides.count > 1 ? sides[1] : "").split { $0 == "&" || $0 == ";" }.map { parameter in
            let parts = parameter.split(separator: "=", maxSplits: 1)
            return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        }
    }
}
