// The way of a mention through the routes, as a person reads it.

import Alerting
import Configuration
import Foundation
import Model
import Storage

struct RouteText {
    let tree: RouteTree
    /// Signals of high priority.
    let urgent: [String]
    let receivers: [Receiver]
    let moment: Moment
    let now: Date
    private let style = Style()

    /// What the daemon knows and no file says.
    struct Moment {
        var silences: [SilenceRule] = []
        var allowances: [Allowance] = []
    }

    init(_ settings: Settings, moment: Moment, now: Date) {
        tree = RouteTree(settings.route)
        urgent = settings.signals.filter { $0.priority == .high }.map(\.name)
        receivers = settings.receivers
        self.moment = moment
        self.now = now
    }

    func text(of mention: Mention) -> String {
        ([JournalText(style: style).text(of: mention)] + facts(of: mention)
            + tree.steps(for: mention).map { line($0, mention) }).joined(separator: "\n")
    }

    /// What routes can look at, where there is any of it.
    private func facts(of mention: Mention) -> [String] {
        let labels = mention.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
        let signals = mention.signals.map { signal in
            "signal=\"\(signal.name)\"" + (signal.words.isEmpty ? "" : " (\(signal.words.joined(separator: ", ")))")
        }
        let others = [mention.entry.language.map { "language=\"\($0)\"" }, mention.entry.rating.map { "rating=\($0)" }]
        let facts = labels + signals + others.compactMap { $0 }
        return facts.isEmpty ? [] : ["    " + style.faint(Visible.text(facts.joined(separator: ", ")))]
    }

    private func line(_ step: RouteTree.Step, _ mention: Mention) -> String {
        let indent = String(repeating: "   ", count: step.depth)
        let name = step.route.matchers.isEmpty ? "everything" : step.route.matchers.text
        let route = indent + Visible.text(name)
        guard step.unmet.isEmpty else { return style.faint("no   ") + route + style.faint(lack(step)) }
        if step.isPast { return style.faint("past ") + route + style.faint("  (an earlier route has taken it)") }
        guard step.isTaken else { return "yes  " + route }
        return style.good("takes") + " " + indent + Visible.text(name) + "  → "
            + style.bold(outcome(step.route, mention))
    }

    private func lack(_ step: RouteTree.Step) -> String {
        step.unmet.count == step.route.matchers.count ? "" : "  (not \(Visible.text(step.unmet.text)))"
    }

    private func outcome(_ route: Route, _ mention: Mention) -> String {
        guard let receiver = route.receiver else { return "the journal alone" }
        if let rule = moment.silences.first(where: { $0.holds(back: mention, at: now) }) {
            return Visible.text(receiver) + ", not at all: " + words(rule.silence)
        }
        let limit = receivers.first { $0.name == receiver }?.manners.limit
        let priority = route.priority(of: mention, urgent: Set(urgent))
        let course = route.course(priority: priority, at: now, hasLimit: limit != nil)
        return Visible.text(receiver) + ", " + (overflow(course, receiver, limit) ?? when(course))
            + (priority == .high ? " (high priority)" : "") + group(route, mention)
    }

    private func words(_ silence: Silence) -> String {
        "silenced until \(JournalText.time(silence.ends)) by \(silence.id)"
            + Visible.text(" (\(silence.author): \(silence.reason))")
    }

    /// `nil` while there is room below the receiver's rate limit, or when that does not matter.
    private func overflow(_ course: Course, _ receiver: String, _ limit: RateLimit?) -> String? {
        guard let limit, let used = moment.allowances.first(where: { $0.receiver == receiver }),
            used.alerts >= limit.count
        else { return nil }
        let end = used.since + limit.period
        guard case .gathered(let until, let reason) = course, reason != .digest, until >= used.since, until < end else {
            return nil
        }
        return "over the rate limit, in the overflow summary of \(JournalText.time(end))"
    }

    private func when(_ course: Course) -> String {
        switch course {
        case .now, .gathered(_, .limit): "at once"
        case .gathered(let until, .hours): "when its hours begin, \(JournalText.time(until))"
        case .gathered(let until, .digest): "in the digest of \(JournalText.time(until))"
        case .gathered(let until, _): "with its group, by \(JournalText.time(until))"
        case .withheld(.hours): "not at all: it is outside its hours"
        case .withheld: "not at all: it only counts"
        }
    }

    private func group(_ route: Route, _ mention: Mention) -> String {
        let labels = route.group(of: mention).sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
        return labels.isEmpty ? "" : ", grouped by " + Visible.text(labels.joined(separator: ", "))
    }
}
