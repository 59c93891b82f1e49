// A mail on its way to the server that takes it for us (RFC 6409).

/// One mail and the server it is handed to.
package struct MailSubmission: Sendable, Equatable {
    package enum Security: Sendable {
        /// TLS from the first byte.
        case tls
        /// TLS after STARTTLS; without it nothing is sent.
        case starttls
        case none
    }

    package var host: String
    package var port: Int
    package var security: Security
    package var user: String?
    package var password: String?
    /// Time for everything.
    package var timeout: Duration
    /// The envelope: addresses without names.
    package var from: String
    package var to: [String]
    /// The message, with CRLF line ends.
    package var message: [UInt8]

    package init(
        host: String, port: Int, security: Security, user: String? = nil, password: String? = nil, timeout: Duration,
        from: String, to: [String], message: [UInt8]
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.timeout = timeout
        self.from = from
        self.to = to
        self.message = message
    }
}

/// What became of a submission.
package enum MailOutcome: Sendable, Equatable {
    /// The server has the mail for all recipients.
    case accepted
    /// The server said no, or not now.
    ///
    /// - Parameter code: SMTP's: 4xx may pass, 5xx will not.
    case answered(code: Int, reason: String)
    /// There was no conversation to its end.
    case failed(reason: String)
    case cancelled
}
