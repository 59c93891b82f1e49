// The memory of all bodies that are on their way, in one account: from the first byte until the body has been decoded,
// on whatever thread that is.

import Synchronization

/// Counts the bytes of bodies in flight.
final class BodyBudget: Sendable {
    let limit: Int
    private let used = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held now.
    var taken: Int { used.load(ordering: .relaxed) }

    var isOverdrawn: Bool { taken > limit }

    func take(_ bytes: Int) { used.add(bytes, ordering: .relaxed) }

    func give(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}
