// What tasks hand over to a queue. It takes one block to have the queue look, however many come before it does: a block
// for each would cost as much as all else that the way in does.

import Synchronization

/// Values that wait for their queue, in the order they came.
final class Inbox<Value: Sendable>: Sendable {
    private struct Content {
        var values: [Value] = []
        /// Whether the queue was told to look, and has not begun to.
        var isExpected = false

        /// - Returns: whether the queue has to be told.
        mutating func expectLook() -> Bool {
            defer { isExpected = true }
            return !isExpected
        }
    }

    private let content = Mutex(Content())

    /// - Returns: whether the queue has to be told to look.
    func put(_ value: Value) -> Bool {
        content.withLock { content in
            content.values.append(value)
            return content.expectLook()
        }
    }

    /// Has the queue look even if nothing comes.
    ///
    /// - Returns: whether it has to be told to.
    func announceLook() -> Bool {
        content.withLock { $0.expectLook() }
    }

    /// To be called by whoever was told to look, before it does: what comes from now on needs another look.
    func beginLook() {
        content.withLock { $0.isExpected = false }
    }

    func takeAll() -> [Value] {
        content.withLock { content in
            defer { content.values = [] }
            return content.values
        }
    }
}
