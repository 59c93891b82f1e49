// Signs by which an engine is known: an id, a class, an attribute, a generator, a host.

/// One sign.
package enum Mark: Sendable, Hashable {
    case id(String)
    case className(String)
    /// An attribute of any element.
    case attribute(String)
    /// How `<meta name=generator>` begins, in lower case; also `application-name` and `og:site_name`.
    case generator(String)
    /// The page's host or the end of it, after a dot.
    case host(String)

    /// Reads `#id`, `.class`, `[attribute]`, `generator:Name` or `host:example.com`.
    package init?(_ text: String) {
        let rest = String(text.dropFirst())
        switch text.first {
        case "#" where !rest.isEmpty: self = .id(rest)
        case "." where !rest.isEmpty: self = .className(rest)
        case "[" where rest.hasSuffix("]") && rest.count > 1: self = .attribute(rest.dropLast().lowercased())
        default:
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "generator": self = .generator(parts[1].lowercased().replacing("_", with: " "))
            case "host": self = .host(parts[1].lowercased())
            default: return nil
            }
        }
    }

    /// How much it says: a host cannot be mistaken, a class can.
    var weight: Int {
        switch self {
        case .host: 8
        case .generator: 6
        case .id, .attribute: 2
        case .className: 1
        }
    }
}
