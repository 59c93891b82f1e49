// One value that many hold. It never changes, so that it may be held from any queue.

/// A value in a place of its own, which costs its holders one word and one count however much there is to it.
package final class Boxed<Value: Sendable & Equatable>: Sendable, Equatable {
    package let value: Value

    package init(_ value: Value) {
        self.value = value
    }

    package static func == (one: Boxed, other: Boxed) -> Bool {
        one === other || one.value == other.value
    }
}
