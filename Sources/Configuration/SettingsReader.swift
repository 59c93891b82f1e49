// From a configuration file to `Settings`, or to everything that is wrong with it.

import Alerting
import FoundationEssentials
import Matching
import Model
import Pages
import Yams

extension Settings {
    /// Reads the file and those it names.
    ///
    /// - Parameter environment: the process's; STATE_DIRECTORY and HOME say where the state is by default,
    ///   CREDENTIALS_DIRECTORY where systemd's credentials are.
    package static func load(_ path: String, environment: [String: String]) throws(ConfigurationError) -> Settings {
        let file = YAMLFile(path: path, environment: environment)
        var settings = try file.approved(SettingsReader(file: file, environment: environment).read())
        settings.warnings = file.warnings.sorted()
        settings.unmet = file.unmet.sorted()
        return settings
    }
}

extension Settings {
    /// The state folder alone, whatever else is wrong with the file, and without its secrets: a daemon that runs by
    /// what it said before is asked there.
    package static func state(
        of path: String, environment: [String: String]
    ) throws(ConfigurationError) -> String {
        let file = YAMLFile(path: path, environment: environment)
        return try file.found(SettingsReader(file: file, environment: environment).readState())
    }

    /// The same for the journal's path.
    package static func journal(
        of path: String, environment: [String: String]
    ) throws(ConfigurationError) -> String {
        let file = YAMLFile(path: path, environment: environment)
        return try file.found(SettingsReader(file: file, environment: environment).readJournal())
    }
}

extension SourceSettings {
    /// Reads as much of the file as sources need, and may be used where the receivers' secrets cannot be read.
    package static func load(_ path: String, environment: [String: String]) throws(ConfigurationError) -> Self {
        let file = YAMLFile(path: path, environment: environment)
        return try file.approved(SettingsReader(file: file, environment: environment).readSources())
    }
}

extension YAMLFile {
    /// What was read, if there is nothing wrong with it.
    fileprivate func approved<Value>(_ value: Value?) throws(ConfigurationError) -> Value {
        if !problems.isEmpty { throw ConfigurationError(problems: Set(problems).sorted()) }
        return try found(value)
    }

    /// What was read, whatever else there is wrong.
    fileprivate func found<Value>(_ value: Value?) throws(ConfigurationError) -> Value {
        guard let value else { throw ConfigurationError(problems: Set(problems).sorted()) }
        return value
    }
}

/// The root of the file. `nil` is only returned when nothing could be read at all.
struct SettingsReader {
    let file: YAMLFile
    let environment: [String: String]

    private static let keys = [
        "state", "journal", "polling", "watches", "signals", "sources", "engines", "receivers", "time_intervals",
        "route", "source_trouble",
    ]

    func read() -> Settings? {
        guard let root = file.root(knowing: Self.keys) else { return nil }
        let state = state(root)
        let watches = WatchReader(file: file).read(root.list("watches"))
        let signals = SignalReader(file: file).read(root.list("signals"))
        let hours = HoursReader(file: file).read(root.list("time_intervals"))
        let (receivers, receiverNames) = ReceiverReader(file: file).read(root.list("receivers"))
        let routes = RouteReader(
            file: file, receivers: receiverNames, watches: watches.map(\.watch.name),
            signals: signals.map(\.signal.name), hours: hours)
        if watches.isEmpty, root.node("watches") == nil { file.problem("`watches` is missing", at: root.node) }
        let added = SourceFolder(file: file).read()
        if root.node("sources") == nil, added.isEmpty { file.problem("`sources` is missing", at: root.node) }
        let side = sourceSettings(root, added)
        return Settings(
            state: state ?? "", journal: journal(root, state: state) ?? "", polling: side.polling,
            watches: watches.map(\.watch), queries: watches.map(\.query), signals: signals.map(\.signal),
            signalQueries: signals.map(\.query),
            sources: side.sources, pages: side.pages, engines: side.engines, receivers: receivers,
            route: route(root, routes), trouble: trouble(root, among: receiverNames), warnings: [], unmet: [])
    }

    func readState() -> String? {
        file.root(knowing: Self.keys).flatMap(state)
    }

    func readJournal() -> String? {
        guard let root = file.root(knowing: Self.keys) else { return nil }
        return journal(root, state: state(root))
    }

    /// Where there are no sources yet, that is no problem.
    func readSources() -> SourceSettings? {
        guard let root = file.root(knowing: Self.keys) else { return nil }
        return sourceSettings(root, SourceFolder(file: file).read())
    }

    private func sourceSettings(_ root: Section, _ added: [(file: YAMLFile, nodes: [Node])]) -> SourceSettings {
        let polling = polling(root.section("polling", knowing: Polling.keys))
        let engines = EngineFolder(file: file).read(root)
        let (sources, pages) = SourceReader(polling: polling, engines: Engines.names + engines.map(\.id))
            .read([(file, root.list("sources"))] + added)
        for part in added { file.takeOver(part.file) }
        return SourceSettings(polling: polling, sources: sources, pages: pages, engines: engines)
    }

    private func route(_ root: Section, _ reader: RouteReader) -> Route {
        if let node = root.node("route") { return reader.read(node) }
        if root.node("receivers") != nil {
            file.problem("`route` is missing: it says which receiver gets the mentions", at: root.node)
        }
        return Route()
    }

    /// `nil` for one that is wrong.
    private func state(_ root: Section) -> String? {
        root.node("state") == nil ? defaultState(root) : root.text("state").map(file.resolve)
    }

    private func defaultState(_ root: Section) -> String? {
        // systemd may name several, separated by colons (systemd.exec(5)); ours names one.
        if let directory = environment["STATE_DIRECTORY"]?.split(separator: ":").first { return String(directory) }
        if let home = environment["HOME"], !home.isEmpty { return home + "/.local/state/earshot" }
        file.problem("`state` is missing, and neither STATE_DIRECTORY nor HOME says where it could be", at: root.node)
        return nil
    }

    /// `nil` for one that is wrong, or that is in a state folder that is.
    private func journal(_ root: Section, state: String?) -> String? {
        let usual = state.map { $0 + "/journal.jsonl" }
        guard root.node("journal") != nil else { return usual }
        guard let section = root.section("journal", knowing: ["path"]) else { return nil }
        return section.node("path") == nil ? usual : section.text("path").map(file.resolve)
    }

    private func polling(_ section: Section?) -> Polling {
        var polling = Polling()
        guard let section else { return polling }
        polling.interval = section.duration("interval")
        polling.floor = section.duration("floor")
        polling.ceiling = section.duration("ceiling")
        polling.budget = section.hourlyRate("budget")
        polling.contact = section.address("contact")
        polling.allowsPrivateAddresses = section.bool("allow_private_addresses") ?? false
        // Whether they go together is judged as for a section of sources.
        _ = CadenceReader(file: file, polling: Polling()).cadence(section)
        return polling
    }

    private func trouble(_ root: Section, among receivers: [String]) -> SourceTroubleRule? {
        guard let section = root.section("source_trouble", knowing: ["receiver", "failures"]),
            let name = section.requiredText("receiver"), let node = section.node("receiver")
        else { return nil }
        if !receivers.contains(name) {
            let suggestion = Suggestion.text(for: name, among: receivers)
            file.problem("there is no receiver `\(name)`\(suggestion)", at: node)
        }
        let failures = section.number("failures", in: 1...1_000)
        return SourceTroubleRule(receiver: name, failures: failures ?? SourceTroubleRule.failures)
    }
}

extension Polling {
    fileprivate static let keys = ["interval", "floor", "ceiling", "budget", "contact", "allow_private_addresses"]
}
