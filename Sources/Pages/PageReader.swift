// From a response's bytes to the entries of a page or of a site's JSON. The one door of this module: it parses, asks
// the engine's rules, JSON-LD and microdata, and puts together what they found. A value without state.

internal import Feeds
package import Foundation
internal import Markup
package import Model

/// Reads pages and JSON documents.
package struct PageReader: Sendable {
    private let catalog: EngineCatalog

    /// The most bytes of a page; the largest of 2,008 had 5.1 MB.
    package static let largest = 16 << 20

    package init(catalog: EngineCatalog) {
        self.catalog = catalog
    }

    /// Reads one document.
    /// - Parameters:
    ///   - address: the final URL.
    ///   - wish: what the user asked for.
    /// - Throws: why there is nothing to be had. A page whose rules find nothing is no error if anything else did.
    package func read(
        _ bytes: [UInt8], address: String?, headers: [Header], wish: PageWish = PageWish(), now: Date
    ) throws(PageError) -> Page {
        guard bytes.count <= Self.largest else { throw PageError(.tooLarge(limit: Self.largest)) }
        let response = ResponseHeaders(headers)
        let text = CleanText(bytes, charset: response.charset, limit: Self.largest)
        guard !text.isCutShort else { throw PageError(.tooLarge(limit: Self.largest)) }
        if let id = wish.engine, catalog[id] == nil { throw PageError(.unknownEngine(id)) }
        let address = response.base(address: address)
        if let document = JSONDocument(text.bytes.span) {
            return try EndpointReading(catalog: catalog, wish: wish, address: address, now: now).read(document, text)
        }
        guard text.bytes.contains(UInt8(ascii: "<")) else { throw PageError(.notAPage) }
        if let page = SitemapReading.read(text, wish, address: address, now: now) { return page }
        let reading = HTMLReading(catalog: catalog, wish: wish, address: address, now: now)
        return reading.read(HTMLTree(text), text, language: response.language)
    }
}

/// What the user says of a source that is a page.
package struct PageWish: Sendable, Equatable {
    /// An engine's id; `nil` leaves it to the page.
    package var engine: String?
    /// The user's own selectors.
    package var layout: Layout?
    /// The user's own JSON paths.
    package var document: JSONLayout?
    /// Whether the page's lines are its entries.
    package var watchesText = false
    /// Whether the text that the page is about is wanted too, whatever its items are.
    package var wantsMainText = false
    /// The clock that dates without a zone are read by; `nil` leaves it to the page, else UTC.
    package var zone: TimeZone?

    package init() {}
}

/// Why nothing could be read.
package struct PageError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case tooLarge(limit: Int)
        case notAPage
        case unknownEngine(String)
        /// JSON in which no rule finds anything; what it has instead.
        case unknownJSON(String)
        /// A page without entries: what was tried, and what the page had.
        case nothing(String)
    }

    package var reason: Reason

    package init(_ reason: Reason) {
        self.reason = reason
    }

    /// One line.
    package var description: String {
        switch reason {
        case .tooLarge(let limit): "the page is larger than \(limit) bytes"
        case .notAPage: "neither a page nor JSON"
        case .unknownEngine(let id): "there is no engine `\(id)`"
        case .unknownJSON(let instead): "JSON in which no rule finds entries; \(instead)"
        case .nothing(let reason): reason
        }
    }
}
