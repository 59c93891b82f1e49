// One attempt at one delivery, by whatever way its receiver is reached. It keeps no state and decides nothing:
// `Courier` says when, `Judgement` what the answer comes to.

import Alerting
import Fetching
import FoundationEssentials
import Model
import Runtime

/// The ways to a receiver.
struct Sender: Sendable {
    let transport: any Transport
    let clock: any Clock
    private let mail = MailTransport()
    private let files = LineFiles()

    /// The most that is read of an answer; only a line of it is of any interest.
    static let answerBytes = 20_000

    init(transport: any Transport, clock: any Clock) {
        self.transport = transport
        self.clock = clock
    }

    /// Makes an attempt, on the caller's queue but for what takes time: a hop to the pool and back costs as much as
    /// libcurl does.
    ///
    /// - Returns: `nil` when it was called off.
    nonisolated(nonsending) func attempt(_ delivery: Delivery, at receiver: Receiver, userAgent: String) async
        -> Answer?
    {
        do {
            switch receiver.target {
            case .webhook(let webhook): return try await post(delivery, to: webhook, userAgent)
            case .email(let email): return try await onPool { try await submit(delivery, to: email) }
            case .command(let command): return await onPool { await ProgramRun(command: command).attempt(delivery) }
            case .file(let file): return await files.append(delivery, to: file)
            }
        } catch {
            return .refused(reason: "no message can be made of it: \(error)")
        }
    }

    private nonisolated(nonsending) func post(
        _ delivery: Delivery, to webhook: Webhook, _ userAgent: String
    ) async throws -> Answer? {
        let now = clock.now
        // Earshot's own format is what the outbox holds; any other is made of it elsewhere.
        let message =
            webhook.format == .standard
            ? try webhook.message(for: delivery, at: now)
            : try await onPool { try webhook.message(for: delivery, at: now) }
        let limits = FetchLimits(
            total: webhook.timeout, stall: webhook.timeout, bodyBytes: Self.answerBytes, overflow: .cuts)
        let request = Request(
            url: message.url, method: message.method, headers: message.headers + [Header("User-Agent", userAgent)],
            body: message.body, limits: limits, allowsPrivateAddresses: webhook.allowsPrivateAddresses)
        switch await transport.send(request) {
        case .failed(.cancelled): return nil
        case .failed(let failure): return .busy(reason: "\(failure)")
        case .response(let response):
            return webhook.answer(
                status: response.status, header: response.header, body: response.body,
                retryAfter: response.retryAfter(now: clock.now))
        }
    }

    private func submit(_ delivery: Delivery, to email: Email) async throws -> Answer? {
        let submission = MailSubmission(email, message: MailMessage(try delivery.alert(), email).bytes)
        switch await mail.submit(submission) {
        case .accepted: return .accepted()
        case .answered(let code, let reason) where code >= 500: return .refused(reason: "answered \(code): \(reason)")
        case .answered(let code, let reason): return .busy(reason: "answered \(code): \(reason)")
        case .failed(let reason): return .busy(reason: reason)
        case .cancelled: return nil
        }
    }
}

extension MailSubmission {
    fileprivate init(_ email: Email, message: [UInt8]) {
        let security: Security =
            switch email.server.security {
            case .tls: .tls
            case .starttls: .starttls
            case .none: .none
            }
        self.init(
            host: email.server.host, port: email.server.port, security: security, user: email.server.user,
            password: email.server.password, timeout: email.server.timeout, from: email.from.address,
            to: email.to.map(\.address), message: message)
    }
}
