// A value that several threads may read and write, for servers and scripts of tests. The standard library's Mutex would
// do, but the thread sanitizer does not know its lock and reports a race wherever one is used.

import Foundation

/// A value behind a lock.
///
/// `@unchecked Sendable`: `value` is touched only in `withLock`, which holds the lock throughout.
package final class Shared<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    package init(_ value: Value) {
        self.value = value
    }

    /// What it is now. A closure is read by this: `withLock { $0 }` puts it back wrapped once more each time, until
    /// calling it needs more stack than there is.
    package var current: Value {
        lock.withLock { value }
    }

    package func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
