// What a target says to an attempt, once its format has been read out of it.

package import FoundationEssentials

/// A target's answer, as far as the verdict depends on it.
package enum Answer: Sendable, Equatable {
    /// The target has the alert.
    ///
    /// - Parameter pause: how long it wants to be left alone now, in seconds.
    case accepted(pause: TimeInterval? = nil)
    /// Not now: it is overloaded or broken, or there was no answer. It may pass by itself.
    case busy(reason: String, pause: TimeInterval? = nil)
    /// Not like this: the message, the address or the key is wrong.
    case refused(reason: String)
    /// The target says that it is gone for good.
    case gone

    /// What the target says, or we of it, when it does not have the alert.
    package var reason: String? {
        switch self {
        case .busy(let reason, _), .refused(let reason): reason
        case .accepted, .gone: nil
        }
    }

    /// How long the target wants to be left alone, in seconds.
    package var pause: TimeInterval? {
        switch self {
        case .accepted(let pause), .busy(_, let pause): pause
        case .refused, .gone: nil
        }
    }
}
