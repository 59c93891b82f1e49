// Receivers that are mailboxes.

/// People who get alerts by mail, and the server that takes it for them.
package struct Email: Sendable, Equatable {
    package var server: Server
    /// The sender, in the header and on the envelope.
    package var from: MailAddress
    /// At least one.
    package var to: [MailAddress]
    /// Whether an HTML version goes along with the plain text.
    package var includesHTML: Bool

    /// A mail submission server (RFC 6409), and how to speak to it.
    package struct Server: Sendable, Equatable {
        package var host: String
        package var port: Int
        package var security: Security
        /// Without a name nobody logs in.
        package var user: String?
        package var password: String?
        /// How long an attempt may take in all.
        package var timeout: Duration

        package init(
            host: String, port: Int, security: Security, user: String? = nil, password: String? = nil,
            timeout: Duration = .seconds(30)
        ) {
            self.host = host
            self.port = port
            self.security = security
            self.user = user
            self.password = password
            self.timeout = timeout
        }
    }

    package enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte (RFC 8314 §3.3), usually on port 465.
        case tls
        /// TLS after STARTTLS, and nothing is sent without it.
        case starttls
        /// Neither: for a server on this machine.
        case none
    }

    package init(server: Server, from: MailAddress, to: [MailAddress], includesHTML: Bool = true) {
        self.server = server
        self.from = from
        self.to = to
        self.includesHTML = includesHTML
    }
}
