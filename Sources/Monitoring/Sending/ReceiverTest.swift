// A test alert, sent by hand: what a receiver says to it.

import Alerting
package import Configuration
package import Fetching
package import FoundationEssentials
import Model
package import Runtime

/// What came of a test.
package struct ReceiverTest: Sendable, Equatable, Codable {
    package var receiver: String
    /// The test alert's id.
    package var alert: String
    package var isAccepted: Bool
    /// What the receiver said, or we of it, when it did not take the alert.
    package var reason: String?
    /// How long the receiver wants to be left alone now, in seconds.
    package var pause: TimeInterval?

    /// Sends a test from this process.
    ///
    /// - Returns: `nil` when the configuration has no such receiver, or the test was called off.
    package static func send(
        to name: String, _ settings: Settings, transport: any Transport, clock: any Clock
    ) async -> ReceiverTest? {
        guard let receiver = settings.receivers.first(where: { $0.name == name }) else { return nil }
        let userAgent = Product.userAgent(contact: settings.polling.contact)
        return await send(to: receiver, Sender(transport: transport, clock: clock), userAgent, at: clock.now)
    }

    /// Once, whatever comes of it, and past every queue.
    static func send(to receiver: Receiver, _ sender: Sender, _ userAgent: String, at now: Date) async -> ReceiverTest?
    {
        guard let delivery = try? Delivery(Alert.test(receiver: receiver.name, at: now)),
            let answer = await sender.attempt(delivery, at: receiver, userAgent: userAgent)
        else { return nil }
        let reason = answer == .gone ? "the receiver says that it is gone (410)" : answer.reason
        var isAccepted = false
        if case .accepted = answer { isAccepted = true }
        return ReceiverTest(
            receiver: receiver.name, alert: delivery.id, isAccepted: isAccepted, reason: reason, pause: answer.pause)
    }
}
