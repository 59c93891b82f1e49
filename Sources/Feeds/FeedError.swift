// Why a document could not be read as a feed: specific enough to be shown to a user as it is.

/// The reason why there is no feed.
package struct FeedError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Reason: Sendable, Equatable {
        case empty
        /// More bytes than allowed; the limit in bytes.
        case tooLarge(limit: Int)
        /// A page for people, with its title if it has one.
        case htmlPage(title: String?)
        /// XML, but not of a kind that has entries; its root element.
        case otherXML(root: String)
        /// JSON without anything that JSON Feed has.
        case otherJSON
        /// Something else; its first characters.
        case unknown(start: String)
    }

    package var reason: Reason

    package init(_ reason: Reason) {
        self.reason = reason
    }

    /// One line, without control characters.
    package var description: String {
        switch reason {
        case .empty: "the document is empty"
        case .tooLarge(let limit): "the document is larger than \(limit) bytes"
        case .htmlPage(let title?): "not a feed but an HTML page titled \"\(title)\""
        case .htmlPage(nil): "not a feed but an HTML page"
        case .otherXML(let root): "not a feed but XML with the root element <\(root)>"
        case .otherJSON: "not a feed but some other JSON"
        case .unknown(let start): "not a feed; it begins with \"\(start)\""
        }
    }
}

/// What one document may cost.
package struct FeedLimits: Sendable {
    /// The most bytes of a body, before and after decompression.
    package var bytes = 32 << 20
    /// The most entries kept of one document; the largest in 4,055 wild feeds has 919.
    package var entries = 10_000
    /// The most bytes of one field; a text beyond is cut there.
    package var text = 4 << 20
    /// Links, authors, categories or enclosures of one entry.
    package var listed = 256

    package static let standard = FeedLimits()

    package init() {}
}
