// The formats that a webhook's messages can have. Each has a file of its own beside this one, which reads like the
// target's documentation; limits and the way strangers' text is escaped are in Formats.md.

/// What a webhook's messages look like, with what the target wants to know beyond an address.
package enum Format: Sendable, Equatable {
    /// Earshot's own payload, signed as Standard Webhooks has it.
    case standard
    case cloudEvents(CloudEvents)
    /// Version 4 of Alertmanager's webhook, which many bridges take.
    case alertmanager
    case slack, discord, teams, mattermost
    case googleChat
    case ntfy(token: String?)
    case gotify(token: String)
    case matrix(room: String, token: String)
    /// - Parameter chat: a number, or the `@name` of a public channel.
    case telegram(chat: String, token: String)
    case pagerDuty(key: String)
    case opsgenie(key: String)
    case zendesk(user: String, token: String)
    /// - Parameter requester: the mail address that tickets are opened for.
    case freshdesk(requester: String, token: String)
    case template(Template)
}

extension Format {
    /// Whether the target could check a signature: the others are services that have never heard of one.
    var isSigned: Bool {
        switch self {
        case .standard, .cloudEvents, .alertmanager, .template: true
        default: false
        }
    }
}
