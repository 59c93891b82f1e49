// Small steps that several formats take.

import FoundationEssentials
import Model

extension String {
    /// The address with a query added to the one it has; names and values are encoded.
    func adding(query: [(String, String)]) -> String {
        let (start, fragmentless) = (contains("?") ? "&" : "?", prefix { $0 != "#" })
        return fragmentless + start
            + query.map { "\(PercentEncoding.segment($0))=\(PercentEncoding.segment($1))" }.joined(separator: "&")
    }

    /// The address with `path` under it.
    func adding(path: String) -> String {
        (hasSuffix("/") ? String(dropLast()) : self) + "/" + path
    }

    /// `https://ntfy.sh/topic` as `https://ntfy.sh/` and `topic`.
    var partedAtLastSlash: (root: String, last: String) {
        let trimmed = hasSuffix("/") ? dropLast() : self[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return (self, "") }
        return (String(trimmed[...slash]), String(trimmed[trimmed.index(after: slash)...]))
    }

    /// The text, unless it is empty.
    var ifAny: String? { isEmpty ? nil : self }
}

extension Header {
    /// RFC 7617.
    static func basicAuthorization(_ user: String, _ password: String) -> Header {
        Header("Authorization", "Basic " + Data("\(user):\(password)".utf8).base64EncodedString())
    }
}

extension Alert {
    /// The watches of its mentions, each once, in order.
    var watches: [String] {
        var names: [String] = []
        for mention in mentions where !names.contains(mention.watch) { names.append(mention.watch) }
        return names
    }

    /// What its alerts have in common with others that belong into the same thread: what they are grouped by, else the
    /// watches.
    var thread: String {
        let labels = group.isEmpty ? watches : group.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return TextLimit.bytes(400).cut(labels.joined(separator: ",").ifAny ?? kind.rawValue)
    }
}
