// A mail server on 127.0.0.1 for tests: SMTP as RFC 5321 has it, AUTH PLAIN (RFC 4954), one thread per connection. It
// offers no TLS.

import Foundation

/// Takes mails, or turns them away where a test says so.
package final class SMTPServer: Sendable {
    /// One mail that was taken.
    package struct Mail: Sendable {
        /// As they stood in MAIL FROM and RCPT TO, brackets included.
        package var from: String
        package var to: [String]
        /// The decoded user name and password of AUTH PLAIN.
        package var login: String?
        /// The message with its dots unstuffed.
        package var message: String
    }

    /// In place of a reply.
    package static let silence = ""

    package let port: Int
    private let taken: Shared<[Mail]>

    private init(port: Int, taken: Shared<[Mail]>) {
        self.port = port
        self.taken = taken
    }

    package var mails: [Mail] { taken.withLock { $0 } }

    /// Serves while `body` runs.
    ///
    /// - Parameter replies: for commands by their first word (`RCPT`, or `DATA.` for the end of the message), what is
    ///   said instead of yes; `silence` for nothing at all, then or later.
    package static func serving<Result>(
        replies: [String: String] = [:], offersLogin: Bool = true, _ body: (SMTPServer) async throws -> Result
    ) async throws -> Result {
        let taken = Shared<[Mail]>([])
        return try await ScriptedBytesServer.serving { connection in
            Session(connection: connection, replies: replies, offersLogin: offersLogin).run { mail in
                taken.withLock { $0.append(mail) }
            }
        } _: { server in
            try await body(SMTPServer(port: Int(server.port), taken: taken))
        }
    }

    /// One connection.
    private struct Session {
        let connection: ScriptedConnection
        let replies: [String: String]
        let offersLogin: Bool

        func run(_ take: (Mail) -> Void) {
            var mail = Mail(from: "", to: [], login: nil, message: "")
            connection.send("220 test ESMTP\r\n")
            while let line = connection.readLine() {
                let command = line.prefix { $0 != " " }.uppercased()
                if let reply = replies[command] {
                    guard reply != SMTPServer.silence else { return connection.waitForClose() }
                    connection.send(reply + "\r\n")
                    continue
                }
                switch command {
                case "EHLO": connection.send(offersLogin ? "250-test\r\n250 AUTH PLAIN\r\n" : "250 test\r\n")
                case "AUTH":
                    guard let login = login(line) else { return }
                    mail.login = login
                    connection.send("235 welcome\r\n")
                case "MAIL": answer { mail.from = String(line.dropFirst(10)) }
                case "RCPT": answer { mail.to.append(String(line.dropFirst(8))) }
                case "DATA":
                    connection.send("354 go on\r\n")
                    guard let message = message() else { return }
                    mail.message = message
                    if let reply = replies["DATA."] {
                        guard reply != SMTPServer.silence else { return connection.waitForClose() }
                        connection.send(reply + "\r\n")
                    } else {
                        take(mail)
                        connection.send("250 taken\r\n")
                    }
                case "QUIT":
                    connection.send("221 bye\r\n")
                    return
                default: connection.send("502 what?\r\n")
                }
            }
        }

        /// What comes with the command, or after it once it was asked for (RFC 4954 §4).
        private func login(_ command: String) -> String? {
            let words = command.split(separator: " ")
            if words.count < 3 { connection.send("334 \r\n") }
            guard let text = words.count < 3 ? connection.readLine() : String(words[2]) else { return nil }
            return String(decoding: Data(base64Encoded: text) ?? Data(), as: UTF8.self)
        }

        private func answer(_ note: () -> Void) {
            note()
            connection.send("250 yes\r\n")
        }

        private func message() -> String? {
            var lines: [String] = []
            while let line = connection.readLine() {
                if line == "." { return lines.joined(separator: "\r\n") }
                lines.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
            }
            return nil
        }
    }
}

extension ScriptedConnection {
    /// Reads up to CRLF; `nil` once the client has gone.
    func readLine() -> String? {
        var bytes: [UInt8] = []
        var next: UInt8 = 0
        while recv(descriptor, &next, 1, 0) == 1 {
            bytes.append(next)
            if bytes.suffix(2).elementsEqual("\r\n".utf8) { return String(decoding: bytes.dropLast(2), as: UTF8.self) }
        }
        return nil
    }
}
