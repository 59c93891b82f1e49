// Who is told, and by what way.

/// A named place that alerts are delivered to.
package struct Receiver: Sendable, Equatable {
    package var name: String
    package var target: Target
    package var manners: Manners

    /// The longest that one attempt may be given: more than five minutes would only hold up the receiver's other
    /// alerts.
    package static let longestTimeout: Duration = .seconds(300)

    /// What is at the other end.
    package enum Target: Sendable, Equatable {
        case webhook(Webhook)
        case email(Email)
        case command(Command)
        case file(LineFile)
    }

    package init(name: String, target: Target, manners: Manners = Manners()) {
        self.name = name
        self.target = target
        self.manners = manners
    }
}
