import Configuration
import Foundation
import TestSupport
import Testing

/// Ten kinds of wrong, and each says where.
@Suite struct ProblemTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The problems as `line:column: message`.
    private func problems(_ text: String) throws -> [String] {
        let path = try folder.write("earshot.yaml", text)
        do {
            _ = try Settings.load(path, environment: ["HOME": "/home/jan"])
            return []
        } catch {
            return error.problems.map { $0.description.replacing(folder.path + "/", with: "") }
        }
    }

    private let watches = "watches: [{ name: acme, query: acme }]\n"
    private let sources = "sources: [{ url: \"https://example.org/\" }]\n"

    @Test func anUnknownKeyIsNamedWithWhatWasMeant() throws {
        #expect(
            try problems(watches + sources + "polling: { intervall: 1h }") == [
                "earshot.yaml:3:12: unknown key `intervall` in `polling`; did you mean `interval`?"
            ])
    }

    /// As when root made them for nobody else to read: without a word their sources would not be watched.
    @Test(arguments: ["sources.d", "engines.d"]) func aFolderThatIsThereAndCannotBeReadIsNamed(name: String) throws {
        try folder.write(name, "in the way")
        #expect(try problems(watches + sources) == ["\(name): cannot be read as a folder"])
    }

    @Test func aKeyThatStandsTwiceIsNamed() throws {
        let found = try problems(
            """
            watches:
              - name: acme
                query: acme
                name: bank
                query: bank
            sources: [{ url: "https://example.org/" }]
            sources: [{ url: "https://example.com/" }]
            """)
        #expect(
            found == [
                "earshot.yaml:2:5: `name` stands twice in a watch",
                "earshot.yaml:3:5: `query` stands twice in a watch",
                "earshot.yaml:6:1: `sources` stands twice in a configuration",
            ])
    }

    @Test func aWrongDurationIsNamed() throws {
        #expect(
            try problems(watches + sources + "polling: { interval: 1 hour }") == [
                "earshot.yaml:3:22: `interval`: `1 hour` is not a duration; write 90s, 15m, 1h30m or 7d"
            ])
    }

    @Test func anIntervalBelowTheFloorIsNamed() throws {
        #expect(
            try problems(watches + "sources:\n  - url: https://example.org/\n    interval: 1m\n") == [
                "earshot.yaml:4:15: `interval` is below the floor (5m); write a lower `floor` beside it to mean it"
            ])
    }

    @Test func aBudgetIsANumberOfRequestsAnHour() throws {
        #expect(
            try problems(watches + sources + "polling: { budget: 500 }") == [
                "earshot.yaml:3:20: `budget`: `500` is not a number of requests an hour; write 50000/h"
            ])
    }

    @Test func aCeilingBelowTheFloorIsNamed() throws {
        #expect(
            try problems(watches + "sources: [{ url: 'https://a.example/', floor: 2h, ceiling: 1h }]\n") == [
                "earshot.yaml:2:60: the ceiling (1h) is below the floor (2h)"
            ])
    }

    @Test func ofManyBadLinesAHundredAreNamedAndTheRestCounted() throws {
        let lines = (1...250).map { "not-an-address-\($0)" }
        try folder.write("feeds.txt", "# head\n" + lines.joined(separator: "\n"))
        let found = try problems(watches + "sources: [{ list: feeds.txt }]\n")
        #expect(found.count == 101)
        #expect(found.first == "feeds.txt:2:1: not an http or https address: not-an-address-1")
        #expect(found.last == "feeds.txt:102:1: … 150 lines like these")
    }

    @Test func aWrongQueryIsNamed() throws {
        let text = "watches: [{ name: acme, query: '(acme OR' }]\n" + sources
        let found = try problems(text)
        #expect(found.count == 1 && found[0].hasPrefix("earshot.yaml:1:32: `query`, column 7: "))
        let error = #expect(throws: ConfigurationError.self) {
            try Settings.load(folder.path + "/earshot.yaml", environment: ["HOME": "/"])
        }
        #expect(error?.description.contains("\n  (acme OR\n        ^") == true)
    }

    @Test func anAddressThatIsNoneIsNamedWithoutItsPassword() throws {
        let found = try problems(watches + "sources: [{ url: \"ftp://jan:geheim@example.org/\" }]\n")
        #expect(found == ["earshot.yaml:2:18: `url`: not an http or https address: example.org/"])
    }

    @Test func aWebhooksAddressIsASecretEvenWhenItIsWrong() throws {
        let receivers =
            "receivers: [{ name: a, webhook: { url: \"htps://hooks.example/SECRET\" } }]\nroute: { receiver: a }"
        let found = try problems(watches + sources + receivers)
        #expect(found.first == "earshot.yaml:3:40: `url`: not an http or https address")
    }

    @Test func oneAddressUnderTwoPasswordsIsOneSource() throws {
        let source = "sources: [{ url: \"https://a:1@example.org/\" }, { url: \"https://b:2@example.org/\" }]"
        #expect(
            try problems(watches + source) == ["earshot.yaml:2:48: https://example.org/ stands twice among the sources"]
        )
    }

    @Test func aSecretThatIsNotThereOrNotOneIsNamed() throws {
        try folder.write("short.secret", "whsec_c2hvcnQ=")
        let found = try problems(
            watches + sources + """
                receivers:
                  - { name: a, webhook: { url: "https://hooks.example/", secret_file: none.secret } }
                  - { name: b, webhook: { url: "https://hooks.example/", secret_file: short.secret } }
                route: { receiver: a }
                """)
        #expect(
            found == [
                "earshot.yaml:4:71: none.secret: cannot be read as a secret's file",
                "earshot.yaml:5:71: `secret_file` short.secret: a webhook secret holds 24 to 64 bytes, this one 5",
            ])
    }

    @Test func aRouteToNobodyIsNamedWithWhoWasMeant() throws {
        let receivers = "receivers: [{ name: webcare, webhook: { url: \"https://hooks.example/\" } }]\n"
        #expect(
            try problems(watches + sources + receivers + "route: { receiver: webcar }") == [
                "earshot.yaml:4:20: there is no receiver `webcar`; did you mean `webcare`?"
            ])
        #expect(
            try problems(watches + sources + receivers) == [
                "earshot.yaml:1:1: `route` is missing: it says which receiver gets the mentions"
            ])
    }

    @Test func whatMustBeThereAndIsNotIsNamed() throws {
        #expect(
            try problems("polling: { interval: 1h }\nwatches: [{ name: acme }]\n") == [
                "earshot.yaml:1:1: `sources` is missing", "earshot.yaml:2:11: `query` is missing",
            ])
    }

    @Test func whatIsNoYAMLIsNamedWithItsPlace() throws {
        let found = try problems("watches:\n  - name: \"acme\n")
        #expect(found.count == 1 && found[0].contains("is not valid YAML") && found[0].contains("earshot.yaml:"))
        #expect(try problems("") == ["earshot.yaml: is empty"])
        #expect(try problems("- a\n- b\n") == ["earshot.yaml:1:1: a configuration is written as `key: value` lines"])
    }

    @Test func badLinesOfListsAreNamedWithTheirNumbers() throws {
        try folder.write("feeds.txt", "https://a.example/\nnot an address\n\n# fine\nmailto:x@y.example\n")
        let found = try problems(watches + "sources: [{ list: feeds.txt }, { opml: none.opml }]")
        #expect(
            found.map { $0.prefix { $0 != " " } } == ["earshot.yaml:2:40:", "feeds.txt:2:1:", "feeds.txt:5:1:"])
    }

    @Test func theSameSourceOrNameTwiceIsNamed() throws {
        let found = try problems(
            """
            watches: [{ name: acme, query: acme }, { name: acme, query: bank }]
            sources: [{ url: "https://example.org/" }, { url: "https://example.org/" }]
            """)
        #expect(
            found == [
                "earshot.yaml:1:48: there are two watches named `acme`",
                "earshot.yaml:2:44: https://example.org/ stands twice among the sources",
            ])
    }

    @Test func headersThatWouldSmuggleAreNamed() throws {
        let source = #"sources: [{ url: "https://example.org/", headers: { "X Y": a, X-Ok: "a\r\nX-Evil: 1" } }]"#
        #expect(
            try problems(watches + source) == [
                "earshot.yaml:2:53: `X Y` is not a header that can be sent",
                "earshot.yaml:2:63: `X-Ok` is not a header that can be sent",
            ])
    }

    @Test func everythingIsSaidAtOnce() throws {
        let found = try problems(
            """
            pollling: { interval: 1h }
            watches: [{ name: acme, query: "" }]
            sources: [{ url: nonsense }, { name: x }]
            receivers: [{ name: a }]
            """)
        #expect(found.count == 6)
        #expect(found == found.sorted { $0.localizedStandardCompare($1) == .orderedAscending })
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let error = #expect(throws: ConfigurationError.self) {
            try Settings.load("/nowhere/earshot.yaml", environment: [:])
        }
        #expect(error?.description == "/nowhere/earshot.yaml: cannot be read")
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [("90s", 90), ("15m", 900), ("1h30m", 5_400), ("7d", 604_800), ("2w", 1_209_600), ("0s", 0)])
    func durationsReadAsPeopleWriteThem(_ text: String, _ seconds: Int) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "15", "m", "1h 30m", "30m1h", "-5m", "1.5h", "1H", "99999999999999999999s", "11000d", "१m"])
    func whatIsNoDurationIsNone(_ text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test func aDurationIsWrittenInItsShortestForm() {
        #expect(DurationText.text(.seconds(5_400)) == "1h30m")
        #expect(DurationText.text(.seconds(604_800)) == "1w")
        #expect(DurationText.text(.zero) == "0s")
    }
}
