// What tasks hand over to a queue. It takes one block to have the queue look, however many come before it does: a block
// for each would cost as much as all else that the way in does.

import Synchronization

/// Values that wait for their queue, in the order they came.
final class Inbox<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    /// - Returns: whether the queue has to be told: nothing was there before.
    func put(_ value: Value) -> Bool {
        values.withLock { values in
            values.append(value)
            return values.count == 1
        }
    }

    func takeAll() -> [Value] {
        values.withLock { values in
            defer { values = [] }
            return values
        }
    }
}
