// All that decides where a mention goes: one configuration's routes and limits, and the silences of the moment.

import Alerting
import Configuration
import FoundationEssentials
import Model
import Storage

/// What the dispatcher decides by; replaced whole on reload.
struct Routing: Sendable {
    var tree = RouteTree(Route())
    /// Signals of high priority.
    var urgent: Set<String> = []
    var receivers: Set<String> = []
    /// By the receiver's name.
    var limits: [String: RateLimit] = [:]
    /// Who is told of trouble with sources.
    var trouble: SourceTroubleRule?
    var silences: [SilenceRule] = []

    init() {}

    init(_ settings: Settings, silences: [SilenceRule]) {
        tree = RouteTree(settings.route)
        urgent = Set(settings.signals.filter { $0.priority == .high }.map(\.name))
        receivers = Set(settings.receivers.map(\.name))
        for receiver in settings.receivers { limits[receiver.name] = receiver.manners.limit }
        trouble = settings.trouble
        self.silences = silences
    }

    /// Whether any route looks out for spikes.
    var counts: Bool { tree.byID.values.contains { $0.spike != nil } }

    /// Those of the reports that somebody is to be told of.
    func troubleMembers(_ troubles: [SourceTrouble]) throws -> [Member] {
        guard trouble != nil else { return [] }
        return try troubles.map { trouble in
            Member(
                id: "\(trouble.state.rawValue) \(trouble.url)",
                body: [UInt8](try JSONEncoder.earshot.encode(trouble)))
        }
    }

    /// The group of all trouble with sources: many fail together when the network does, and are told together.
    var troubleGroup: Group? {
        guard let receiver = trouble?.receiver else { return nil }
        let key = Identifiers.group(.source, route: "", receiver: receiver, labels: [:])
        return Group(key: key, kind: .source, route: "", receiver: receiver, labels: [:])
    }
}
