// What happens to a page's entries when the user says anew how it is read: nothing is told a second time, and nothing
// stays as it was only because the page did.

import Configuration
import Fetching
import Foundation
import Model
import TestSupport
import Testing

@testable import Monitoring

@Suite struct ChangedSettingsTests {
    private let world: World
    /// Posts on the page, as HTML; the server says 304 to who knows them already.
    private let posts = Shared([Self.post(1), Self.post(2)])
    private let answers = Shared<[Int]>([])

    private static let first = "items: div.i, title: a, link: a@href"
    private static let corrected = "items: div.i, title: a, link: a@href, id: '@id', body: .t, date: time@datetime"

    init() throws {
        world = try World()
        let (posts, answers) = (posts, answers)
        world.script { request in
            if request.url.hasSuffix("/robots.txt") { return .response(Response(status: 404, address: request.url)) }
            guard request.url.hasSuffix("/list") else { return nil }
            let body = "<body>\(posts.withLock { $0.joined() })</body>"
            let tag = "\"\(body.utf8.count)\""
            let isKnown = request.headers.contains { $0.isNamed("If-None-Match") && $0.value == tag }
            answers.withLock { $0.append(isKnown ? 304 : 200) }
            return .response(
                Response(
                    status: isKnown ? 304 : 200, headers: [Header("ETag", tag)], body: isKnown ? [] : Array(body.utf8),
                    address: request.url))
        }
    }

    private static func post(_ number: Int, published: Date? = nil) -> String {
        let date = published.map { "<time datetime='\($0.formatted(.iso8601))'>then</time>" } ?? ""
        return """
            <div class=i id=x\(number)><a href='/r\(number)'>zeebank \(number)</a>\(date)\
            <p class=t>post \(number) says that zeebank was down for \(number) hours</p></div>
            """
    }

    private func source(_ settings: String) -> String {
        "  - { url: 'https://page.example/list', interval: 15m, lookback: 30d, \(settings) }"
    }

    private func page(_ selectors: String) -> String { source("kind: page, selectors: { \(selectors) }") }

    private func settings(_ source: String) throws -> Settings {
        try world.settings(sources: source, watches: "  - { name: zeebank, query: zeebank }")
    }

    private func mentioned() throws -> [String?] { try world.journaledMentions().map(\.entry.id) }

    @Test func correctedSelectorsReadAPageThatStaysAsItIsOnceMoreAndTellNothingAnew() async throws {
        try await world.run(sources: page(Self.first)) { (daemon, _) async throws in
            await world.pass(2_000, inStepsOf: 100, daemon)
            #expect(try mentioned() == [nil, nil])
            #expect(answers.withLock { $0 } == [200, 304, 304])
            try await daemon.start(try settings(page(Self.corrected)))
            await world.pass(2_700, inStepsOf: 100, daemon)
            #expect(answers.withLock { $0.dropFirst(3) } == [200, 304, 304])
            #expect(try mentioned() == [nil, nil])
            // As the new selectors know it, and once.
            posts.withLock { $0.insert(Self.post(3), at: 0) }
            await world.pass(2_700, inStepsOf: 100, daemon)
            #expect(try mentioned() == [nil, nil, "x3"])
            #expect(try world.journaledMentions().last?.entry.text == "post 3 says that zeebank was down for 3 hours")
            #expect(try world.troubles().isEmpty)
        }
    }

    @Test func aServerWithoutValidatorsMakesNoDifference() async throws {
        let (posts, reads) = (posts, Shared(0))
        world.script { request in
            if request.url.hasSuffix("/robots.txt") { return .response(Response(status: 404, address: request.url)) }
            guard request.url.hasSuffix("/list") else { return nil }
            reads.withLock { $0 += 1 }
            let body = "<body>\(posts.withLock { $0.joined() })</body>"
            return .response(Response(status: 200, body: Array(body.utf8), address: request.url))
        }
        try await world.run(sources: page(Self.first)) { (daemon, _) async throws in
            await world.pass(100, daemon)
            try await daemon.start(try settings(page(Self.corrected)))
            await world.pass(1_000, inStepsOf: 100, daemon)
            let outcome = { try await daemon.sources(matching: "", limit: 1).sources.first?.outcome }
            #expect(try await outcome() == "2 entries, 0 new, 0 mentions")
            await world.pass(900, inStepsOf: 100, daemon)
            #expect(try await outcome() == "unchanged")
            #expect(reads.withLock { $0 } == 3)
        }
        #expect(try mentioned() == [nil, nil])
    }

    @Test func whatIsDatedSinceTheLastDocumentIsToldThoughTheSettingsChangedMeanwhile() async throws {
        try await world.run(sources: page(Self.first)) { (daemon, _) async throws in
            await world.pass(600, daemon)
            posts.withLock {
                $0 = [Self.post(4, published: world.clock.now), Self.post(3, published: world.clock.now - 3_600)] + $0
            }
            try await daemon.start(try settings(page(Self.corrected)))
            await world.pass(1_800, inStepsOf: 100, daemon)
        }
        #expect(try mentioned() == [nil, nil, "x4"])
    }

    @Test func aFeedThatIsAlsoCalledAutoIsReadAsBeforeAndMissesNothing() async throws {
        let feed = "  - { url: 'https://forum.example/feed', interval: 15m"
        try await world.run(sources: "\(feed) }") { (daemon, _) async throws in
            world.publish("1", "Zeebank, without a date")
            try await daemon.start(try settings("\(feed), kind: auto }"))
            await world.pass(1_000, inStepsOf: 100, daemon)
        }
        #expect(try mentioned() == ["1"])
    }

    // MARK: The mark

    /// The reader of a configuration with one source, and that source.
    private func reader(_ text: String) throws -> (DocumentReader, Source) {
        let settings = try settings(text)
        return (DocumentReader(settings), try #require(settings.sources.first))
    }

    private func readsAnew(_ text: String, since mark: UInt64?) throws -> Bool {
        let (reader, source) = try reader(text)
        var reading = Reading(bodyHash: 7, baseline: world.clock.now, seen: SeenEntries())
        reading.settingsMark = mark
        return reader.readsAnew(source, since: reading)
    }

    private func markOfPage(_ text: String) throws -> UInt64 {
        let (reader, source) = try reader(text)
        return reader.mark(of: ReadDocument(entries: [], isPage: true), from: source)
    }

    @Test func whatWasReadBeforeSettingsWereRememberedIsTakenForReadByThese() throws {
        #expect(try !readsAnew(page(Self.first), since: nil))
        #expect(try !readsAnew(source("kind: feed"), since: nil))
    }

    @Test(arguments: [
        "kind: page, selectors: { items: div.i }", "kind: page, selectors: { items: div.i, title: [a, b] }",
        "kind: page, selectors: { items: div.i, title: b }", "kind: page, selectors: { items: div.i, link: a }",
        "kind: page, selectors: { items: div.i, title: a, without: .sig }",
        "kind: page, selectors: { items: div.i, title: a, scale: 10 }",
        "kind: page, selectors: { items: div.i, title: a, lists: threads }",
        "kind: page, selectors: { items: div.i, title: a }, pages: 3",
        "kind: page, selectors: { items: div.i, title: a }, engine: phpbb", "kind: page, watch: text",
        "kind: json, selectors: { items: div.i, title: a }", "kind: feed",
    ])
    func everythingThatDecidesWhichEntriesThereAreCounts(_ other: String) throws {
        let mark = try markOfPage(source("kind: page, selectors: { items: div.i, title: a }"))
        #expect(try readsAnew(source(other), since: mark))
    }

    @Test(arguments: [
        "kind: page, selectors: { title: a, items: div.i }",
        "kind: auto, follow: true, timezone: Europe/Amsterdam, selectors: { items: div.i, title: a }",
    ])
    func nothingElseDoes(_ other: String) throws {
        let mark = try markOfPage(source("kind: page, selectors: { items: div.i, title: a }"))
        #expect(try !readsAnew(source(other), since: mark))
    }

    @Test func anEngineOfTheUsersCountsWhereItMayHaveASay() throws {
        let engine = { (items: String) in
            "name: Own\nkind: forum\nrecognise: ['#own']\npages: [{ items: \(items), body: .t }]\n"
        }
        let named = source("kind: page, engine: own")
        let (any, other) = (source("kind: page"), source("kind: page, engine: phpbb"))
        try world.folder.write("engines.d/own.yaml", engine(".post"))
        let marks = try [named, any, other].map(markOfPage)
        try world.folder.write("engines.d/own.yaml", engine(".reply"))
        #expect(try zip([named, any, other], marks).map { try readsAnew($0, since: $1) } == [true, true, false])
    }

    @Test func theMarkIsTheSameInEveryProcess() throws {
        let mark = try markOfPage(page(Self.corrected))
        #expect(mark == 2_924_617_342_758_828_063)
    }
}
