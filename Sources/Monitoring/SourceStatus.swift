// How a source is, in the words of a status: what the last poll brought, when the next is due, and why then.

package import Foundation
package import Model

/// What a person wants to know of one source.
package struct SourceStatus: Sendable, Codable {
    package var name: String
    /// Without credentials.
    package var url: String
    package var kind: Source.Kind
    /// The last poll; `nil` before the first. The status is the server's, `nil` if it did not answer.
    package var polled: Date?
    package var status: Int?
    package var outcome: String?
    /// When a document last held something new.
    package var changed: Date?
    /// The next poll, why then, and what it waits for beyond its time.
    package var due: Date
    package var reason: DueReason
    package var waiting: String?
    package var failures: Int
    package var failingSince: Date?
    package var isSilent: Bool
    /// Entries a day, as the source's rhythm has it; `nil` while too little is known.
    package var entriesADay: Double?
    package var findings: String?
    /// The adopted address of a source that moved.
    package var moved: String?

    init(_ source: Source, _ state: SourceState, waiting: Waiting?, at now: Date) {
        name = source.name
        url = Address.shown(source.url)
        kind = source.kind
        polled = state.polled
        status = state.status
        outcome = state.outcome
        changed = state.changed
        due = state.due
        reason = state.reason
        self.waiting = waiting?.text
        failures = state.failures
        failingSince = state.failingSince
        isSilent = state.isSilent
        if state.rhythm.isKnown { entriesADay = Double(state.rhythm.rate(at: now)) * 86_400 }
        findings = state.findings
        moved = state.address.map { Address.shown($0) }
    }
}

/// Some sources of many.
package struct SourceListing: Sendable, Codable {
    /// How many there are in all, also beyond the limit.
    package var matching: Int
    package var sources: [SourceStatus]
}

extension Waiting {
    fileprivate var text: String {
        switch self {
        case .beingPolled: "it is being asked"
        case .site: "another source of its site is being asked"
        case .address: "another source on its server is being asked"
        case .pause(let until): "its site was asked a moment ago, and has a pause until \(until.formatted(.iso8601))"
        case .cooling(let until):
            "its site said that it is asked too often, and rests until \(until.formatted(.iso8601))"
        case .room: "as many sources as there may be are being asked"
        case .budget: "the budget of requests an hour is spent for now"
        }
    }
}

extension Monitor {
    /// The sources whose name or address contains a text, in any case; the first `limit` of them whole.
    ///
    /// The search runs on no queue of the daemon's: a million names take a while.
    @concurrent
    package nonisolated func sources(matching text: String, limit: Int) async throws -> SourceListing {
        let sources = await sources
        let positions = sources.indices.filter { position in
            guard !text.isEmpty else { return true }
            let source = sources[position]
            return source.name.localizedCaseInsensitiveContains(text)
                || Address.shown(source.url).localizedCaseInsensitiveContains(text)
        }
        var statuses: [SourceStatus] = []
        for position in positions.prefix(limit) {
            if let status = try await status(of: sources[position], at: position) { statuses.append(status) }
        }
        return SourceListing(matching: positions.count, sources: statuses)
    }
}
