import Alerting
import Configuration
import Foundation
import Model
import TestSupport
import Testing

@Suite struct SettingsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("webcare.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    }

    private func load(_ text: String, environment: [String: String] = ["HOME": "/home/jan"]) throws -> Settings {
        try Settings.load(folder.write("earshot.yaml", text), environment: environment)
    }

    private static let least = """
        watches:
          - { name: acme, query: acme }
        sources:
          - { url: "https://example.org/feed.xml" }

        """

    @Test func theLeastConfigurationHasSensibleDefaults() throws {
        let settings = try load(Self.least)
        #expect(settings.state == "/home/jan/.local/state/earshot")
        #expect(settings.journal == "/home/jan/.local/state/earshot/journal.jsonl")
        #expect(settings.polling == Polling())
        #expect(settings.sources.map(\.name) == ["example.org/feed.xml"])
        #expect(settings.sources.map(\.cadence) == [.polite])
        #expect(settings.sources.map(\.lookback) == [.zero])
        #expect(settings.route == Route())
    }

    @Test func systemdSaysWhereTheStateIs() throws {
        let settings = try load(Self.least, environment: ["STATE_DIRECTORY": "/var/lib/earshot", "HOME": "/"])
        #expect(settings.journal == "/var/lib/earshot/journal.jsonl")
    }

    @Test func everyKeyIsRead() throws {
        try folder.write("forum.token", "Bearer abc\n")
        let settings = try load(
            """
            state: state
            journal: { path: /var/log/mentions.jsonl }
            polling:
              interval: 30m
              floor: 1m
              contact: "https://example.org/bot"
              allow_private_addresses: true
            watches:
              - name: acme
                query: '"acme bank" OR @acmebank'
                labels: { team: retail }
                examples: { match: ["Mijn ACME Bank pas"], ignore: ["acme schaatsen"] }
            sources:
              - url: https://example.org/feed.xml
                name: Example
                interval: 15m
                lookback: 24h
                headers: { Accept-Language: nl, Authorization_file: forum.token }
                labels: { kind: forum }
            receivers:
              - name: webcare
                webhook: { url: "https://hooks.example/x", secret_file: webcare.secret, timeout: 20s }
            route: { receiver: webcare }
            """)
        #expect(settings.state == folder.path + "/state")
        #expect(settings.journal == "/var/log/mentions.jsonl")
        #expect(settings.polling.interval == .seconds(1_800))
        #expect(settings.polling.floor == .seconds(60))
        #expect(settings.polling.contact == "https://example.org/bot")
        #expect(settings.polling.allowsPrivateAddresses)
        #expect(settings.watches.map(\.labels) == [["team": "retail"]])
        #expect(settings.watches.first?.examples.match == ["Mijn ACME Bank pas"])
        #expect(
            settings.sources == [
                Source(
                    url: "https://example.org/feed.xml", name: "Example", cadence: Cadence(every: .seconds(900)),
                    lookback: .seconds(86_400),
                    headers: [Header("Accept-Language", "nl"), Header("Authorization", "Bearer abc")],
                    labels: ["kind": "forum"])
            ])
        #expect(
            settings.receivers == [
                Receiver(
                    name: "webcare",
                    target: .webhook(
                        Webhook(
                            url: "https://hooks.example/x",
                            secrets: [try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
                            timeout: .seconds(20))))
            ])
        #expect(settings.route == Route(receiver: "webcare"))
        #expect(settings.warnings.isEmpty && settings.unmet.isEmpty)
    }

    @Test func scalarsAreReadAsTheyAreWritten() throws {
        let settings = try load(
            """
            watches: [{ name: no, query: 017 }, { name: 12:30:45, query: "yes" }]
            sources: [{ url: "https://example.org/", name: 1e3 }]
            """)
        #expect(settings.watches.map(\.name) == ["no", "12:30:45"])
        #expect(settings.watches.map(\.query) == ["017", "yes"])
        #expect(settings.sources.map(\.name) == ["1e3"])
    }

    @Test func sourcesComeFromOPMLAndListsToo() throws {
        try folder.write(
            "feeds.opml",
            """
            <opml version="2.0"><body><outline text="Nieuws"><outline text="Krant" xmlUrl="https://krant.example/rss"/>
            <outline text="Eerder" xmlUrl="https://example.org/feed.xml"/></outline></body></opml>
            """)
        try folder.write(
            "feeds.txt",
            "# onze lijst\nhttps://a.example/\n\n  https://b.example/feed  \nhttps://a.example/\n")
        let settings = try load(
            """
            watches: [{ name: acme, query: acme }]
            sources:
              - { url: "https://example.org/feed.xml", name: Eigen }
              - { opml: feeds.opml, interval: 2h }
              - { list: feeds.txt, labels: { from: list } }
            """)
        #expect(settings.sources.map(\.name) == ["Eigen", "Krant", "a.example/", "b.example/feed"])
        #expect(settings.sources.map(\.cadence.interval) == [nil, .seconds(7_200), nil, nil])
        #expect(settings.sources.map(\.labels) == [[:], [:], ["from": "list"], ["from": "list"]])
    }

    @Test func boundsLeaveTheChoiceToTheRhythmAndOnlyASourcesOwnFloorCountsWithoutValidators() throws {
        let settings = try load(
            """
            polling: { floor: 10m, ceiling: 12h, budget: 50000/h }
            watches: [{ name: acme, query: acme }]
            sources:
              - { url: "https://a.example/" }
              - { url: "https://b.example/", floor: 2m }
              - { url: "https://c.example/", ceiling: 2h }
              - { url: "https://d.example/", interval: 1m, floor: 1m }
            """)
        func cadence(_ floor: Int, _ bare: Int, _ ceiling: Int) -> Cadence {
            Cadence(floor: .seconds(floor), bareFloor: .seconds(bare), ceiling: .seconds(ceiling))
        }
        #expect(settings.polling.budget == 50_000)
        #expect(
            settings.sources.map(\.cadence) == [
                cadence(600, 86_400, 43_200), cadence(120, 120, 43_200), cadence(600, 86_400, 7_200),
                cadence(60, 60, 60),
            ])
    }

    @Test func aListByTheThousandIsReadWithEachAddressOnce() throws {
        let lines = (1...2_000).map { "https://host\($0).example/feed" } + ["https://host7.example/feed"]
        try folder.write("feeds.txt", lines.joined(separator: "\n"))
        let settings = try load(Self.least.replacing("url: \"https://example.org/feed.xml\"", with: "list: feeds.txt"))
        #expect(settings.sources.count == 2_000)
        #expect(settings.sources.last?.url == "https://host2000.example/feed")
        #expect(settings.sources.last?.name == "host2000.example/feed")
    }

    @Test func anExampleThatItsQueryDoesNotHoldToIsNamedWithItsPlace() throws {
        let settings = try load(
            """
            watches:
              - name: acme
                query: acme
                examples:
                  match: ["Acme is goed", "Akme is goed"]
                  ignore:
                    - acme schaatsen
            sources: [{ url: "https://example.org/" }]
            """)
        #expect(settings.unmet.map { [$0.line, $0.column] } == [[5, 31], [7, 11]])
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func theShippedExampleIsInOrder() throws {
        let path = Self.root.appendingPathComponent("Config/earshot.yaml").path
        let settings = try Settings.load(path, environment: ["HOME": "/home/jan"])
        #expect(settings.sources.count == 2)
        #expect(settings.unmet.isEmpty)
    }

    /// Each is what somebody begins with. Where a page shows a part, the rest stands here.
    @Test(arguments: [
        ("README.md", 0, ""), ("README.md", 1, "watches: [{ name: acme, query: acme }]"),
        ("README.md", 2, "watches: [{ name: acme, query: acme }]\nsources: []\nroute: { receiver: chat }"),
        ("Sources/Alerting/Routing/Routes.md", 0, "watches: [{ name: acme, query: acme }]\nsources: []"),
    ])
    func theExamplesOfThePagesAreInOrder(_ page: String, _ number: Int, _ rest: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
        let parts = text.split(separator: "```yaml\n").dropFirst().compactMap { $0.split(separator: "```").first }
        try #require(number < parts.count)
        try folder.write("feeds.txt", "https://a.example/feed\n")
        try folder.write("feeds.opml", "<opml><body><outline xmlUrl='https://b.example/feed'/></body></opml>")
        try folder.write("duty.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
        try folder.write("slack.url", "https://hooks.slack.com/services/x/y\n")
        try folder.write("pagerduty.key", "key\n")
        // A program that is on the machine.
        let example = parts[number].replacing("/usr/local/bin/told", with: "/bin/true")
        let settings = try load(rest + "\n" + example)
        #expect(settings.unmet.isEmpty)
    }
}
