// From a response to entries, whatever the source is: a feed, a page, a site's JSON.

import Configuration
import Feeds
import Fetching
import FoundationEssentials
import Model
import Pages

/// What a document held.
struct ReadDocument: Sendable {
    var entries: [Entry]
    var pace = Pace()
    var findings = Findings()
    /// Whether it is a feed, in which link and title say which entry it is.
    var isFeed = false
    /// Whether it is a page for people.
    var isPage = false
    /// The next page of the same list.
    var next: String?

    /// The same with every entry once: what a document lists twice shares its identity, and is counted as a repeated
    /// id.
    var withoutCopies: ReadDocument {
        guard findings[.duplicateIDs] > 0 else { return self }
        var document = self
        var known: Set<String> = []
        document.entries.removeAll { !known.insert($0.identity).inserted }
        return document
    }
}

struct DocumentReader: Sendable {
    private let pages: PageReader
    private let settings: [PageSettings]
    /// Of the user's own engines.
    private let engines: [(id: String, mark: UInt64)]

    init(_ settings: Settings) {
        // Who watches feeds alone needs no engines.
        pages = PageReader(catalog: EngineCatalog(settings.pages.isEmpty ? [] : Engines.builtIn + settings.engines))
        self.settings = settings.pages
        engines = settings.engines.map { ($0.id, SettingsMark.of($0)) }
    }

    func settings(for source: Source) -> PageSettings {
        source.pageIndex.map { settings[$0] } ?? PageSettings()
    }

    func read(_ response: Response, of source: Source, at now: Date) throws(PollOutcome.Failure) -> ReadDocument {
        switch source.kind {
        case .feed: return try feed(response, at: now)
        case .page, .json: return try page(response, of: source, at: now)
        case .auto:
            do throws(PollOutcome.Failure) {
                return try feed(response, at: now)
            } catch {
                guard case .unreadable(let reason) = error, reason.isPerhapsAPage else { throw error }
                return try page(response, of: source, at: now)
            }
        }
    }

    /// By which settings a document of a source was read.
    func mark(of document: ReadDocument, from source: Source) -> UInt64 {
        document.isFeed ? SettingsMark.ofFeeds : markOfPages(of: source)
    }

    /// Whether a source's documents are read by other settings than the last one was: then it may hold entries that
    /// were passed over, and all that were not may have other names.
    func readsAnew(_ source: Source, since reading: Reading?) -> Bool {
        guard let mark = reading?.settingsMark else { return false }
        return switch source.kind {
        case .feed: mark != SettingsMark.ofFeeds
        case .page, .json: mark != markOfPages(of: source)
        case .auto: mark != SettingsMark.ofFeeds && mark != markOfPages(of: source)
        }
    }

    /// Whether a source's documents are read otherwise than another reader reads those of `old`.
    func reads(_ source: Source, otherwiseThan other: DocumentReader, _ old: Source) -> Bool {
        source.kind != old.kind || source.kind != .feed && markOfPages(of: source) != other.markOfPages(of: old)
    }

    private func markOfPages(of source: Source) -> UInt64 {
        let settings = settings(for: source)
        let mayRead = { (id: String) in settings.wish.engine == nil || settings.wish.engine == id }
        return SettingsMark.of(settings, engines: engines.filter { mayRead($0.id) }.map(\.mark))
    }

    private func feed(_ response: Response, at now: Date) throws(PollOutcome.Failure) -> ReadDocument {
        do throws(FeedError) {
            let feed = try FeedReader().read(
                response.body, address: response.address, headers: response.headers, now: now)
            return ReadDocument(entries: feed.entries, pace: feed.pace, findings: feed.findings, isFeed: true)
        } catch {
            throw .unreadable(error)
        }
    }

    private func page(
        _ response: Response, of source: Source, at now: Date
    ) throws(PollOutcome.Failure) -> ReadDocument {
        do throws(PageError) {
            let page = try pages.read(
                response.body, address: response.address, headers: response.headers,
                wish: settings(for: source).wish, now: now)
            guard !page.feed.entries.isEmpty else { throw PageError(.nothing(Self.reason(page))) }
            return ReadDocument(
                entries: page.feed.entries, findings: page.feed.findings, isPage: page.feed.version == .html,
                next: page.next)
        } catch {
            throw .withoutEntries(error)
        }
    }

    private static func reason(_ page: Page) -> String {
        let remarks = page.remarks.joined(separator: "; ")
        if page.layout != nil { return remarks }
        let engine = page.engine.map { " of \($0.name)" } ?? " of an engine that is not known"
        return "a page\(engine) in which nothing was found; \(remarks)"
    }

    /// What the entry's own page says of it beyond what the feed said.
    func fullText(of entry: Entry, in response: Response, at now: Date) -> [RichText] {
        var wish = PageWish()
        wish.wantsMainText = true
        let page = try? pages.read(
            response.body, address: response.address, headers: response.headers, wish: wish, now: now)
        let feedText = entry.plainText().body.utf8.count
        return page.map { PageReader.fullText(of: entry, in: $0) }?.filter { $0.plain.utf8.count > feedText } ?? []
    }
}

extension FeedError {
    fileprivate var isPerhapsAPage: Bool {
        switch reason {
        case .htmlPage, .otherJSON, .otherXML, .unknown: true
        case .empty, .tooLarge: false
        }
    }
}
