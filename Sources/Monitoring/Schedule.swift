// Which source is due next. A value: it is told the time and does nothing by itself.

package import FoundationEssentials
import HeapModule

/// Sources in the order in which they fall due.
package struct Schedule: Sendable {
    private var slots = Heap<Slot>()

    package init() {}

    /// When the earliest source falls due.
    package var next: Date? { slots.min?.due }

    /// - Parameter source: the source's key in the store; it must not be planned already.
    package mutating func plan(_ source: Int64, at due: Date) {
        slots.insert(Slot(due: due, source: source))
    }

    /// Takes out the earliest source if it is due.
    package mutating func takeDue(at now: Date) -> Int64? {
        guard let slot = slots.min, slot.due <= now else { return nil }
        return slots.removeMin().source
    }

    private struct Slot: Comparable {
        let due: Date
        let source: Int64

        static func < (left: Slot, right: Slot) -> Bool {
            (left.due, left.source) < (right.due, right.source)
        }
    }
}
