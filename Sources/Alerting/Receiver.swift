// Who is told.

/// A named place that alerts are delivered to.
package struct Receiver: Sendable, Equatable {
    package var name: String
    package var webhook: Webhook

    package init(name: String, webhook: Webhook) {
        self.name = name
        self.webhook = webhook
    }
}

/// An HTTP address that takes Earshot's payload.
package struct Webhook: Sendable, Equatable {
    /// A secret in itself with many receivers: never logged.
    package var url: String
    /// Without one, messages are not signed.
    package var secret: WebhookSecret?
    /// How long an attempt may take in all.
    package var timeout: Duration
    /// Whether it may be on a private network.
    package var allowsPrivateAddresses: Bool

    package init(url: String, secret: WebhookSecret?, timeout: Duration, allowsPrivateAddresses: Bool) {
        self.url = url
        self.secret = secret
        self.timeout = timeout
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }
}
