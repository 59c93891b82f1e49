// Receivers that are asked by HTTP.

package import Model

/// An HTTP address that takes alerts in one of the formats.
package struct Webhook: Sendable, Equatable {
    /// A secret in itself with many receivers: never logged.
    package var url: String
    package var format: Format
    /// More request headers, secrets already read from their files; they go before ours of the same name.
    package var headers: [Header]
    /// The keys that messages are signed with, the newest first; several while one takes over from another. Without
    /// any, messages are not signed.
    package var secrets: [WebhookSecret]
    package var scheme: SignatureScheme
    /// How long an attempt may take in all.
    package var timeout: Duration
    /// Whether it may be on a private network.
    package var allowsPrivateAddresses: Bool

    package init(
        url: String, format: Format = .standard, headers: [Header] = [], secrets: [WebhookSecret] = [],
        scheme: SignatureScheme = .standard, timeout: Duration = .seconds(15), allowsPrivateAddresses: Bool = false
    ) {
        self.url = url
        self.format = format
        self.headers = headers
        self.secrets = secrets
        self.scheme = scheme
        self.timeout = timeout
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }
}
