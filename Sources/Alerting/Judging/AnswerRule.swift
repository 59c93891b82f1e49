// How each target says yes, no and not now. Status codes mean the same to all of them, in `Webhook.answer` below; this
// is the table of what differs.

package import FoundationEssentials
import Model

/// What there is to know about a target's answers beyond their status.
struct AnswerRule: Sendable {
    /// What makes a 2xx a yes. Without it a proxy's error page with status 200 would swallow an alert.
    enum Proof: Sendable {
        /// The status alone.
        case status
        /// The body is this text.
        case text(String)
        /// The body is JSON and has this member.
        case member(String)
        /// The body is JSON, and this member is true.
        case yes(String)
        /// Unless the body names an HTTP error: Teams' older connectors say 200 and mean 413 or 429.
        case noErrorWithin
    }

    /// A number in the answer's body that says how long to wait.
    struct Wait: Sendable {
        var path: [String]
        /// Of the number's unit, in seconds.
        var unit: TimeInterval
    }

    var proof: Proof = .status
    var wait: Wait?
}

extension Format {
    var rule: AnswerRule {
        switch self {
        case .standard, .cloudEvents, .alertmanager, .template: AnswerRule()
        case .slack: AnswerRule(proof: .text("ok"))
        case .mattermost: AnswerRule(proof: .text("ok"))
        case .discord: AnswerRule(proof: .member("id"), wait: .init(path: ["retry_after"], unit: 1))
        case .teams: AnswerRule(proof: .noErrorWithin)
        case .googleChat: AnswerRule(proof: .member("name"))
        case .ntfy: AnswerRule(proof: .member("id"))
        case .gotify: AnswerRule(proof: .member("id"))
        case .matrix: AnswerRule(proof: .member("event_id"), wait: .init(path: ["retry_after_ms"], unit: 0.001))
        case .telegram: AnswerRule(proof: .yes("ok"), wait: .init(path: ["parameters", "retry_after"], unit: 1))
        case .pagerDuty: AnswerRule(proof: .member("dedup_key"))
        case .opsgenie: AnswerRule(proof: .member("requestId"))
        case .zendesk: AnswerRule(proof: .member("ticket"))
        case .freshdesk: AnswerRule(proof: .member("id"))
        }
    }
}

extension Webhook {
    /// What an HTTP response means.
    ///
    /// - Parameters:
    ///   - header: looks a header up by its name.
    ///   - body: as much of it as was read.
    ///   - retryAfter: the header's value, in seconds from now.
    package func answer(
        status: Int, header: (String) -> String?, body: [UInt8], retryAfter: TimeInterval?
    ) -> Answer {
        let rule = format.rule
        let status = rule.errorWithin(body) ?? status
        let wait = rule.wait(in: body)
        let pause = if let retryAfter, let wait { max(retryAfter, wait) } else { retryAfter ?? wait }
        switch status {
        case 200..<300 where rule.holds(body): return .accepted(pause: pause ?? Self.budgetEnds(header))
        case 200..<300:
            let said = "answered \(status), but not as this format's target does"
            return .busy(reason: reason(said, body), pause: pause)
        case 410: return .gone
        case 408, 429, 500...: return .busy(reason: reason("answered \(status)", body), pause: pause)
        case 300..<400: return .refused(reason: "answered \(status), and redirects are never followed")
        default: return .refused(reason: reason("answered \(status)", body))
        }
    }

    /// Seconds until the target takes more, when it says that this was the last for now: Discord's headers, and those
    /// of the IETF's RateLimit draft, which Zendesk has.
    private static func budgetEnds(_ header: (String) -> String?) -> TimeInterval? {
        for (remaining, reset) in budgets where header(remaining).flatMap(Double.init) == 0 {
            return header(reset).flatMap(Double.init).flatMap { $0.isNaN ? nil : min(max($0, 0), longestPause) }
        }
        return nil
    }

    private static let budgets = [
        (remaining: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset-After"),
        (remaining: "RateLimit-Remaining", reset: "RateLimit-Reset"),
    ]

    /// After a success: one that names more has its clock or its unit wrong.
    private static let longestPause: TimeInterval = 3_600

    // MARK: What went wrong, in words

    /// The target's own words are left out where they repeat a secret.
    private func reason(_ verdict: String, _ body: [UInt8]) -> String {
        guard let words = Self.words(in: body), !holdsSecret(words) else { return verdict }
        return "\(verdict): \(words.reasonText)"
    }

    /// What the target says about it, on one line, uncut: the usual members of JSON, or a text that is no page.
    private static func words(in body: [UInt8]) -> String? {
        guard let json = JSON(bytes: body) else {
            let text = String(decoding: body, as: UTF8.self).onOneLine
            return text.isEmpty || text.hasPrefix("<") ? nil : text
        }
        let names = ["description", "message", "error", "errorDescription", "detail", "title"]
        let found = names.lazy.compactMap { json[$0] }.compactMap { $0.text ?? $0["message"]?.text }.first
        return found?.onOneLine
    }
}

extension String {
    /// What somebody else says about an error: a line that is not too long.
    package var reasonText: String {
        TextLimit.units(160).cut(onOneLine)
    }
}

extension AnswerRule {
    fileprivate func holds(_ body: [UInt8]) -> Bool {
        switch proof {
        case .status, .noErrorWithin: true
        case .text(let text): String(decoding: body.prefix(100), as: UTF8.self).onOneLine == text
        case .member(let name): JSON(bytes: body)?[name] != nil
        case .yes(let name): JSON(bytes: body)?[name] == true
        }
    }

    /// In 0 to a day, as Retry-After is.
    fileprivate func wait(in body: [UInt8]) -> TimeInterval? {
        guard let wait else { return nil }
        let number = wait.path.reduce(JSON(bytes: body)) { $0?[$1] }?.double
        return number.map { min(max($0 * wait.unit, 0), 86_400) }
    }

    /// `Microsoft Teams endpoint returned HTTP error 429` as 429.
    fileprivate func errorWithin(_ body: [UInt8]) -> Int? {
        guard case .noErrorWithin = proof else { return nil }
        let text = String(decoding: body.prefix(1_000), as: UTF8.self)
        guard let mark = text.firstRange(of: "HTTP error ") else { return nil }
        return Int(text[mark.upperBound...].prefix { $0.isNumber })
    }
}
