import Alerting
import Configuration
import Foundation
import Model
import TestSupport
import Testing

@Suite struct RouteSettingsTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let rest = """
        state: /nowhere
        watches: [{ name: acme, query: acme }, { name: bank, query: bank }]
        sources: [{ url: "https://example.org/" }]
        receivers:
          - { name: webcare, webhook: { url: "https://hooks.example/a" }, rate_limit: 20/h, pace: 1/s, concurrency: 2 }
          - { name: night, webhook: { url: "https://hooks.example/b" } }
        signals:
          - { name: outage, query: storing OR outage }
          - { name: crisis, query: datalek, priority: high }
        time_intervals:
          - name: office
            time_intervals:
              - { weekdays: ["monday:friday"], times: [{ start_time: "09:00", end_time: "17:30" }], location: Europe/Amsterdam }

        """
    private static let lines = rest.split(separator: "\n", omittingEmptySubsequences: false).count - 1

    private func load(_ text: String) throws -> Settings {
        try Settings.load(folder.write("earshot.yaml", Self.rest + text), environment: [:])
    }

    /// `line:column: message`, the lines counted from the beginning of `text`.
    private func problems(_ text: String) throws -> [String] {
        do {
            return try load(text).warnings.filter { $0.line > Self.lines }.map(shown)
        } catch let error as ConfigurationError {
            return error.problems.map(shown)
        }
    }

    private func shown(_ problem: Problem) -> String {
        "\(problem.line - Self.lines):\(problem.column): \(problem.message)"
    }

    @Test func aWholeTreeIsRead() throws {
        let settings = try load(
            """
            route:
              receiver: webcare
              group_by: [watch]
              group_wait: 30s
              group_interval: 5m
              routes:
                - matchers: ['signal="outage"', rating<=2]
                  receiver: night
                  mute_time_intervals: [office]
                  on_inactive: drop
                  continue: true
                  priority: high
                - matchers: [watch=bank]
                  group_wait: 0s
                  stories: each
                  active_time_intervals: [office]
                  digest: { at: "09:00", weekdays: [monday], location: Europe/Amsterdam, top: 5 }
                  spike: { window: 2h, sigma: 2.5, minimum: 20, drops: false }
                - matchers: [language=de]
                  receiver: none
            source_trouble: { receiver: night, failures: 5 }
            """)
        let root = settings.route
        #expect(root.receiver == "webcare" && root.groupWait == 30 && root.groupInterval == 300)
        #expect(root.groupBy.map(\.name) == ["watch"])
        let (outage, bank, german) = (root.routes[0], root.routes[1], root.routes[2])
        #expect(outage.matchers.map(\.description) == [#"signal="outage""#, #"rating<="2""#])
        #expect(outage.receiver == "night" && outage.continues && outage.priority == .high && outage.hours.drops)
        #expect(outage.groupWait == 30 && outage.groupBy.map(\.name) == ["watch"])
        #expect(outage.hours.mute.map(\.name) == ["office"])
        #expect(bank.receiver == "webcare" && bank.groupWait == 0 && bank.groupInterval == 300 && !bank.joinsCopies)
        #expect(bank.hours.active.first?.spans.first?.times == [540..<1_050])
        let zone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
        #expect(bank.digest == Digest(.daily(minute: 540, weekdays: [1...1], zone: zone), top: 5))
        #expect(bank.spike?.window == 7_200 && bank.spike?.sigma == 2.5 && bank.spike?.minimum == 20)
        #expect(german.receiver == nil)
        #expect(settings.trouble == SourceTroubleRule(receiver: "night", failures: 5))
        #expect(settings.signals.map(\.priority) == [.normal, .high])
        let webcare = try #require(settings.receivers.first)
        #expect(webcare.manners.limit == RateLimit(20, per: 3_600))
        #expect(webcare.manners.pace == RateLimit(1, per: 1) && webcare.manners.concurrency == 2)
        #expect(settings.warnings.allSatisfy { $0.message.contains("secret_file") })
    }

    @Test(arguments: [
        (
            "route: { receiver: webcare, matchers: [watch=acme] }",
            "1:39: the first route has no `matchers`: it takes everything"
        ),
        ("route: { group_wait: 1m }", "1:8: `receiver` is missing"),
        (
            "route: { receiver: webcare, routes: [{ matchers: [watch=acne] }] }",
            "1:51: `matchers`: there is no watch `acne`; did you mean `acme`?"
        ),
        (
            "route: { receiver: webcare, routes: [{ matchers: [signal=outrage] }] }",
            "1:51: `matchers`: there is no signal `outrage`; did you mean `outage`?"
        ),
        (
            "route: { receiver: webcare, routes: [{ matchers: ['team'], receiver: nigth }] }",
            "1:70: there is no receiver `nigth`; did you mean `night`?"
        ),
        (
            "route: { receiver: webcare, active_time_intervals: [offices] }",
            "1:53: there is no time interval `offices`; did you mean `office`?"
        ),
        ("route: { receiver: webcare, on_inactive: wait }", "1:42: `on_inactive` is drop or hold, not `wait`"),
        (
            "route: { receiver: webcare, digest: { top: 3 } }",
            "1:37: a digest comes either `at` a time of day or `every` so often"
        ),
        ("route: { receiver: webcare, digest: { every: 10s } }", "1:46: `every` is between 1m and 7d"),
        (
            "route: { receiver: webcare, digest: { at: 9:00 } }",
            "1:43: `at`: `9:00` is not a time of day; write 08:30"
        ),
        (
            "route: { receiver: webcare, digest: { at: '24:00', weekdays: [monday] } }",
            "1:43: `at`: `24:00` is not a time of day; write 08:30"
        ),
        (
            "route: { receiver: webcare, digest: { every: 1h, top: 1000 } }",
            "1:55: `top` is a number from 1 to 100, not `1000`"
        ),
        (
            "route: { receiver: webcare, group_by: [watch], digest: { every: 1h, empty: true } }",
            "1:56: a digest that comes empty has no `group_by`: which groups would there be?"
        ),
        (
            "route: { receiver: webcare, spike: { window: 20m } }",
            "1:46: `window` is between 15m and 1d, and a multiple of 15m"
        ),
        ("route: { receiver: webcare, group_by: ['a b'] }", "1:40: `group_by`: `a b` is not the name of a label"),
        (
            "route: { receiver: webcare }\nsource_trouble: { receiver: nigt }",
            "2:29: there is no receiver `nigt`; did you mean `night`?"
        ),
        (
            "route: { receiver: webcare }\nsource_trouble: { receiver: night, failures: 0 }",
            "2:46: `failures` is a number from 1 to 1000, not `0`"
        ),
    ])
    func whatIsWrongHasItsPlace(_ text: String, _ problem: String) throws {
        let found = try problems(text)
        #expect(found.contains(problem), "\(found)")
    }

    @Test(arguments: [
        (#"{ times: [{ start_time: "17:00", end_time: "09:00" }] }"#, "`start_time` comes before `end_time`"),
        (#"{ weekdays: [mondag] }"#, "`weekdays`: `mondag` is no range"),
        (#"{ days_of_month: ["0"] }"#, "`days_of_month`: `0` is no range"),
        (#"{ days_of_month: ["-3:0"] }"#, "`days_of_month`: `-3:0` is no range"),
        (#"{ days_of_month: ["-3:5"] }"#, "write for example 1:5, or -3:-1 for the last three days"),
        (#"{ days_of_month: ["20:-20"] }"#, "`days_of_month`: `20:-20` is no range"),
        (#"{ years: ["26"] }"#, "`years`: `26` is no range of these; write for example 1970"),
        (#"{ months: ["december:january"] }"#, "`months`: `december:january` is no range"),
        (#"{ location: Europe/Amsterdm }"#, "did you mean `Europe/Amsterdam`?"),
        (#"{ time: [] }"#, "unknown key `time` in an interval; did you mean `times`?"),
    ])
    func wrongTimesHaveTheirPlace(_ interval: String, _ reason: String) throws {
        let text = Self.rest.replacing("- { weekdays", with: "- \(interval)\n      - { weekdays")
        let error = #expect(throws: ConfigurationError.self) {
            try Settings.load(
                folder.write("earshot.yaml", text + "route: { receiver: webcare }"), environment: [:])
        }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.problems.first?.line == 13)
    }

    @Test func aRouteThatNothingReachesIsWarnedOf() throws {
        let found = try problems(
            """
            route:
              receiver: webcare
              routes:
                - { matchers: [team=retail], receiver: night }
                - { matchers: [watch=acme, team=retail] }
                - matchers: [watch=bank]
                  routes:
                    - { matchers: [watch=acme] }
                - { matchers: [team=online], continue: true }
                - { matchers: [team=online] }
            """)
        #expect(
            found == [
                "5:7: this route is never reached: the one in line \(Self.lines + 4) takes all its mentions",
                "8:11: this route is never reached: its matchers contradict each other",
            ])
    }
}
