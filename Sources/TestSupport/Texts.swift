// A list that several threads may write to.

import Synchronization

/// Texts in the order they were noted.
package final class Texts: Sendable {
    private let texts = Mutex<[String]>([])

    package init() {}

    package var all: [String] { texts.withLock { $0 } }

    package func append(_ text: String) {
        texts.withLock { $0.append(text) }
    }
}
