// Reads the values of fields that hold no words: site, lang, kind, rating, label.

import Model

struct FilterReader {
    let text: QueryText

    func read(_ field: Field, _ value: String, at place: Range<Int>) throws(QueryError) -> Filter {
        switch field {
        case .site: return try site(value, place)
        case .lang: return .language(value.lowercased().replacingUnderscores)
        case .kind: return .kind(value.lowercased())
        case .rating: return try rating(value, place)
        case .label: return try label(value, place)
        case .title, .body, .author, .url, .source:
            throw text.error("“\(field.rawValue)” holds words.", at: place.lowerBound)
        }
    }

    /// What is doubtful about a value: `lang:dutch` is a tag that no document has.
    func warning(_ field: Field, _ value: String, at place: Range<Int>) -> QueryWarning? {
        guard let (message, suggestion) = doubt(field, value) else { return nil }
        return text.warning(message, at: place.lowerBound, suggestion: suggestion)
    }

    private func doubt(_ field: Field, _ value: String) -> (message: String, suggestion: String)? {
        switch field {
        case .lang where !isLanguageTag(value):
            ("“\(value)” is no language tag.", "For instance lang:nl, or lang:pt-br.")
        case .kind where !Self.kinds.contains(value.lowercased()):
            ("No entry is of the kind “\(value)”.", "Kinds are \(Self.kinds.joined(separator: ", ")).")
        case .site where hasPath(value):
            ("site: looks at the host alone.", "For a part of a site use url:\"\(value)\".")
        default: nil
        }
    }

    /// What an entry can be, and what it is where nothing is known of it.
    private static let kinds = Entry.Kind.allCases.map(\.rawValue) + [Source.Kind.feed.rawValue]

    private func hasPath(_ site: String) -> Bool {
        let rest = site.firstRange(of: "://").map { site[$0.upperBound...] } ?? site[...]
        return rest.firstIndex { "/?#".contains($0) }.map { rest.index(after: $0) < rest.endIndex } ?? false
    }

    /// Two or three letters, then perhaps parts of at most eight letters and digits (RFC 5646 §2.1, roughly).
    private func isLanguageTag(_ value: String) -> Bool {
        let parts = value.utf8.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x5F }
        return (2...3).contains(parts[0].count) && parts[0].allSatisfy { ($0 | 0x20) &- 0x61 < 26 }
            && parts.dropFirst().allSatisfy { (1...8).contains($0.count) && $0.allSatisfy(isASCIIWordByte) }
    }

    /// A host, also when it was pasted as an address: `https://www.nu.nl/tech` is `www.nu.nl`.
    private func site(_ value: String, _ place: Range<Int>) throws(QueryError) -> Filter {
        var host = Document.host(of: value.contains("://") ? value : "https://" + value)
        while let first = host.first, first == "*" || first == "." { host.removeFirst() }
        guard !host.isEmpty else {
            throw text.error("A host belongs here.", at: place.lowerBound, suggestion: "For instance site:nu.nl.")
        }
        return .site(host)
    }

    private func rating(_ value: String, _ place: Range<Int>) throws(QueryError) -> Filter {
        let sign = value.prefix { "<=>".contains($0) }
        let comparison = sign.isEmpty || sign == "==" ? .equal : Filter.Comparison(rawValue: String(sign))
        let number = Double(value.dropFirst(sign.count).replacing(",", with: "."))
        guard let comparison, let number, number.isFinite else {
            throw text.error(
                "A comparison with a number belongs here.", at: place.lowerBound, suggestion: "For instance rating:<=2."
            )
        }
        return .rating(comparison, number)
    }

    private func label(_ value: String, _ place: Range<Int>) throws(QueryError) -> Filter {
        let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
            String($0).trimmed
        }
        guard let name = parts.first, !name.isEmpty, parts.count < 2 || !parts[1].isEmpty else {
            throw text.error(
                "A label belongs here.", at: place.lowerBound,
                suggestion: "For instance label:team=webcare, or label:team.")
        }
        return .label(name, parts.count > 1 ? parts[1] : nil)
    }
}

extension String {
    /// `nl_BE` is written for `nl-BE` here and there.
    var replacingUnderscores: String { String(map { $0 == "_" ? "-" : $0 }) }
}
