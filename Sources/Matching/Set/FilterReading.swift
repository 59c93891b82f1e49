// What filters test of the document at hand: host, language, kind, rating, labels.

import Model

struct FilterReading {
    private var document = Document()
    private var host: String?

    init() {}

    init(_ document: Document) {
        self.document = document
    }

    mutating func passes(_ filter: Filter) -> Bool {
        switch filter {
        case .site(let site): isBelow(readHost(), site)
        case .language(let tag): isBelow(tag, of: document.language.lowercased().replacingUnderscores)
        case .kind(let kind): document.kind.lowercased() == kind
        case .rating(let comparison, let number): document.rating.map { comparison.holds($0, number) } ?? false
        case .label(let name, let value):
            document.labels[name].map { value == nil || $0.lowercased() == value?.lowercased() } ?? false
        }
    }

    /// What passed, as a match in the field of that name.
    mutating func match(_ filter: Filter) -> Match? {
        guard passes(filter) else { return nil }
        let (field, text): (Field, String) =
            switch filter {
            case .site: (.site, readHost())
            case .language: (.lang, document.language)
            case .kind: (.kind, document.kind)
            case .rating: (.rating, document.rating.map { "\($0)" } ?? "")
            case .label(let name, _): (.label, "\(name)=\(document.labels[name] ?? "")")
            }
        return Match(
            field: field, bytes: 0..<text.utf8.count, scalars: 0..<text.unicodeScalars.count, text: text)
    }

    private mutating func readHost() -> String {
        if let host { return host }
        let read = Document.host(of: document.url)
        host = read
        return read
    }

    /// Whether a host is the site or below it: `www.nu.nl` is below `nu.nl`, `menu.nl` is not.
    private func isBelow(_ host: String, _ site: String) -> Bool {
        host == site || host.hasSuffix("." + site)
    }

    /// Whether a language tag is the wanted one or a narrower one: `nl-BE` is `nl`.
    private func isBelow(_ wanted: String, of tag: String) -> Bool {
        tag == wanted || tag.hasPrefix(wanted + "-")
    }
}

extension Filter.Comparison {
    fileprivate func holds(_ value: Double, _ limit: Double) -> Bool {
        switch self {
        case .less: value < limit
        case .atMost: value <= limit
        case .equal: value == limit
        case .atLeast: value >= limit
        case .more: value > limit
        }
    }
}
