// Who is told, and by what way.

/// A named place that alerts are delivered to.
package struct Receiver: Sendable, Equatable {
    package var name: String
    package var target: Target

    /// What is at the other end.
    package enum Target: Sendable, Equatable {
        case webhook(Webhook)
    }

    package init(name: String, target: Target) {
        self.name = name
        self.target = target
    }
}
