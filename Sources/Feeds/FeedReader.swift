// From a response's bytes to a feed. The one door of this module: it tells XML from JSON, keeps the limits, and never
// gives up on a document that has entries in it. A value without state: any queue may read with it.

package import FoundationEssentials
internal import Markup
package import Model

/// Reads RSS 0.90–2.0, RSS 1.0, CDF, Atom 0.3 and 1.0, and JSON Feed.
package struct FeedReader: Sendable {
    private let limits: FeedLimits
    private let keepsExtras: Bool

    /// - Parameter keepsExtras: also keep what nothing here depends on, for `earshot parse`.
    package init(limits: FeedLimits = .standard, keepsExtras: Bool = false) {
        self.limits = limits
        self.keepsExtras = keepsExtras
    }

    /// Reads one document.
    /// - Parameters:
    ///   - address: the final URL, which relative links resolve against.
    ///   - headers: the response's: content-type, content-language and content-location count.
    ///   - now: only to tell which dates lie in the future.
    /// - Throws: why this is no feed. A damaged feed is no error: `Feed.findings` says what was done to it.
    package func read(_ bytes: [UInt8], address: String?, headers: [Header], now: Date) throws(FeedError) -> Feed {
        guard bytes.count <= limits.bytes else { throw FeedError(.tooLarge(limit: limits.bytes)) }
        let response = ResponseHeaders(headers)
        let text = CleanText(bytes, charset: response.charset, limit: limits.bytes)
        guard !text.isCutShort else { throw FeedError(.tooLarge(limit: limits.bytes)) }
        let context = ReadingContext(
            isDoubleEncoded: text.repairs.doubleEncoded > 0, base: response.base(address: address),
            language: response.language, limits: limits,
            keepsExtras: keepsExtras)
        guard var draft = try JSONFeedReader.read(text, context) ?? XMLFeedReader.read(text, context) else {
            throw FeedError(Self.reason(for: text))
        }
        draft.note(text)
        return draft.finish(now: now)
    }

    /// What a document that is no feed looks like instead.
    private static func reason(for text: CleanText) -> FeedError.Reason {
        let looks = DocumentLooks(text.bytes)
        if looks.isEmpty { return .empty }
        if looks.isPage { return .htmlPage(title: looks.title) }
        if let root = looks.root { return .otherXML(root: root) }
        return .unknown(start: looks.start)
    }
}

/// What a reader knows of a document before it looks inside.
struct ReadingContext {
    /// Some of its text is UTF-8 that was encoded twice.
    var isDoubleEncoded: Bool
    /// What relative links resolve against, `nil` where nothing is known.
    var base: String?
    var language: String?
    var limits: FeedLimits
    var keepsExtras: Bool
}

/// A first look at something that turned out to be no feed.
private struct DocumentLooks {
    let isEmpty: Bool
    let start: String
    private let head: String

    init(_ bytes: [UInt8]) {
        // A page's title stands early; 16 KiB reach past the scripts that some put before it.
        head = String(decoding: bytes.prefix(16 << 10), as: UTF8.self)
        let plain = PlainText.fromPlain(String(head.prefix(200)))
        isEmpty = plain.allSatisfy { $0.isWhitespace || $0 == "\u{FEFF}" }
        start = String(plain.prefix(40)).replacing("\n", with: " ")
    }

    /// A page for people.
    var isPage: Bool {
        head.contains(/(?i)<(html|body|!doctype html)[\s>]/)
    }

    /// The page's title, at most 80 characters of it.
    var title: String? {
        let title = head.firstMatch(of: /(?i)<title[^<>]*>([^<]*)</).map { PlainText.fromHTML(String($0.1)) }
        return title.map { String($0.prefix(80)).replacing("\n", with: " ") }
    }

    /// The first element's name.
    var root: String? {
        var rest = head[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            let name = rest.prefix { $0.isLetter || $0.isNumber || ":-_.".contains($0) }
            if let first = name.first, first.isLetter { return String(name.prefix(40)) }
        }
        return nil
    }
}
