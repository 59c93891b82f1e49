// What matching gives back.

package import Model

/// A query that matched a document, and where.
package struct Hit: Sendable, Hashable {
    /// The most places that are told of one query in one document: enough to see why, and bounded whatever a stranger
    /// writes. Whether a query matches is always decided on the whole text.
    package static let matchLimit = 64

    /// The query's index in the array that the set was made of.
    package var query: Int
    /// In the order of fields and of the text, at most `matchLimit`. Parts of a NOT are never among them.
    package var matches: [Match]
}
