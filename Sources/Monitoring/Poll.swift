// One poll of one source, from the request to all that is worth remembering. It holds no state and changes none: what
// it found is a value that `Monitor` hands on.

import Alerting
package import Configuration
import Crypto
import Feeds
package import Fetching
package import FoundationEssentials
import Journaling
package import Model
import Pages
import Storage

/// What polls need, made once for each configuration.
package struct Poller: Sendable {
    private let fetcher: Fetcher
    let recogniser: Recogniser
    let reader: DocumentReader
    private let gate: RobotsGate
    let visits: PageVisits
    private let userAgent: String
    private let allowsPrivateAddresses: Bool

    /// A feed may be large; of 4,055 real ones the largest had 1.7 MB, newer podcasts reach 26 MB.
    private static let limits = FetchLimits(bodyBytes: 32 << 20)
    private static let accepted =
        "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

    package init(fetcher: Fetcher, settings: Settings) {
        self.fetcher = fetcher
        recogniser = Recogniser(settings)
        userAgent = Product.userAgent(contact: settings.polling.contact)
        allowsPrivateAddresses = settings.polling.allowsPrivateAddresses
        reader = DocumentReader(settings)
        gate = RobotsGate(userAgent: userAgent, allowsPrivateAddresses: allowsPrivateAddresses)
        visits = PageVisits(
            reader: reader, gate: gate, userAgent: userAgent,
            allowsPrivateAddresses: allowsPrivateAddresses)
    }

    /// What the requests of one poll go through.
    ///
    /// - Parameter turns: waits until a further address may be asked; the source's own may be, once.
    package func fetcher(_ turns: PoliteFetcher.Turns) -> PoliteFetcher {
        PoliteFetcher(fetcher, turns)
    }

    /// Fetches, reads and recognises.
    ///
    /// It runs off every actor, on the pool of as many threads as there are cores, since reading is what costs.
    @concurrent
    package func poll(
        _ source: Source, _ state: SourceState, at now: Date, _ fetcher: PoliteFetcher
    ) async -> Poll {
        var poll = Poll(state, at: now)
        do throws(NoTurn) {
            try await ask(source, fetcher, into: &poll, at: now)
        } catch {
            let wait = max(0, error.until.timeIntervalSince(now))
            poll.outcome = Task.isCancelled ? .failed(.unreachable(.cancelled)) : .postponed(wait, .crowded)
        }
        return poll
    }

    private func ask(
        _ source: Source, _ fetcher: PoliteFetcher, into poll: inout Poll, at now: Date
    ) async throws(NoTurn) {
        var pause: Duration?
        if source.kind == .page {
            let answer = try await gate.answer(for: poll.state.address(of: source), fetcher, at: now)
            guard poll.heed(answer) else { return }
            pause = answer.pause ?? .zero
        }
        let request = request(for: source, poll.state, at: now)
        let fetched = try await fetcher.fetch(request, pause: pause)
        switch fetched.outcome {
        case .failed(let failure):
            poll.outcome = .failed(.unreachable(failure))
        case .response(let response):
            poll.note(response, at: now)
            if !fetched.hops.isEmpty { poll.landing.site = Site(response.address) }
            try await take(response, request, of: source, fetcher, into: &poll, at: now)
        }
        if !poll.outcome.isFailure { poll.state.follow(fetched, of: source, at: now) }
    }

    /// A server that has said "unchanged" for so long, in seconds, is asked for the whole once: some are stuck.
    private static let longestUnchanged: TimeInterval = 7 * 86_400

    private func request(for source: Source, _ state: SourceState, at now: Date) -> Request {
        let accepted = source.kind == .feed ? Self.accepted : PageVisits.accepted
        var headers = [Header("User-Agent", userAgent), Header("Accept", accepted)]
        if now < (state.answered ?? .distantPast) + Self.longestUnchanged {
            if let etag = state.validators.etag { headers.append(Header("If-None-Match", etag)) }
            if let date = state.validators.lastModified { headers.append(Header("If-Modified-Since", date)) }
        }
        // What the user configures replaces ours.
        headers.removeAll { ours in source.headers.contains { $0.isNamed(ours.name) } }
        return Request(
            url: state.address(of: source), headers: headers + source.headers, limits: Self.limits,
            allowsPrivateAddresses: allowsPrivateAddresses)
    }

    private func take(
        _ response: Response, _ request: Request, of source: Source, _ fetcher: PoliteFetcher, into poll: inout Poll,
        at now: Date
    ) async throws(NoTurn) {
        let rest = response.retryAfter(now: now)
        switch response.status {
        case 304 where request.isConditional:
            // Its own validators are left alone: they may be of a document that we have not seen, which must not be
            // withheld from us for that (RFC 9111, 4.3.4).
            poll.state.vainConditions = 0
            poll.outcome = .unchanged
        case 200..<300:
            try await read(response, request, of: source, fetcher, into: &poll, at: now)
        case let status where Manners.isThrottle(status, at: Site(response.address)):
            poll.outcome = .failed(.throttled(status: status, retryAfter: rest))
        case 403 where response.header("cf-mitigated") == "challenge":
            poll.outcome = .failed(.challenged)
        case let status:
            poll.outcome = .failed(.refused(status: status, retryAfter: status == 503 ? rest : nil))
        }
    }

    /// A document: its validators are stored as the pair that came with it, whatever is in it, but only once it was
    /// read, since they will have the next one withheld.
    private func read(
        _ response: Response, _ request: Request, of source: Source, _ fetcher: PoliteFetcher, into poll: inout Poll,
        at now: Date
    ) async throws(NoTurn) {
        let hash = Self.hash(response.body)
        let settings = reader.settings(for: source)
        if hash == poll.state.reading?.bodyHash, settings.pages == 1 {
            if request.isConditional { poll.state.vainConditions = min(poll.state.vainConditions + 1, 100) }
            poll.outcome = .unchanged
        } else {
            var document: ReadDocument
            do throws(PollOutcome.Failure) {
                document = try reader.read(response, of: source, at: now)
            } catch {
                return poll.outcome = .failed(error)
            }
            let address = poll.state.address(of: source)
            let answer = try await visits.answer(for: document, of: source, at: address, fetcher, at: now)
            if let answer, !poll.heed(answer) { return }
            poll.advice.pace = document.pace
            document.entries += await visits.furtherPages(document, of: source, at: address, fetcher, at: now)
            recognise(document, hash, of: source, into: &poll, at: now)
        }
        poll.state.answered = now
        // An unchanged first page would say nothing of the others.
        poll.state.validators = settings.pages == 1 ? Validators(response, at: now) : Validators()
    }

    /// Drops what was seen before and is unchanged, and looks for mentions in the rest.
    private func recognise(
        _ document: ReadDocument, _ hash: UInt64, of source: Source, into poll: inout Poll, at now: Date
    ) {
        let before = poll.state.reading
        var seen = before?.seen ?? SeenEntries()
        let marks = document.entries.marks(keyedBy: seen.key, hasAliases: document.isFeed)
        let novelty = seen.novelty(of: marks)
        let isGap = seen.isGap(before: marks)
        if seen.key == nil {
            // Of before marks had keys: known by them once more, and remembered under one from now on.
            seen = SeenEntries()
            seen.remember(document.entries.marks(keyedBy: seen.key, hasAliases: document.isFeed))
        } else {
            seen.remember(marks)
        }
        var reading = before ?? Reading(bodyHash: hash, baseline: now, seen: seen)
        reading.bodyHash = hash
        reading.seen = seen
        if isGap { reading.entriesMissed = now }
        poll.hasRead = true

        let changed = zip(document.entries, novelty).filter { $0.1 != .unchanged }.map { ($0.asMeant, $1) }
        let isNews = { (entry: Entry) in before != nil || entry.isNews(at: now, lookback: source.lookback) }
        for (entry, novelty) in changed {
            let mentions = recogniser.mentions(in: entry, of: source, found: now, edited: novelty == .edited)
            if isNews(entry) { poll.mentions += mentions } else { poll.before += mentions.map(\.id) }
        }
        var line = WaitingLine(follows(source) ? reading.waiting : [])
        if follows(source) {
            // Once an entry: an edit of one that was followed is judged by what the feed says.
            for (entry, novelty) in changed where isNews(entry) && (novelty == .new || line.holds(entry)) {
                line.add(entry)
            }
        }
        reading.note(line, at: now)
        poll.state.reading = reading

        poll.findings = document.findings
        poll.state.findings = poll.findings.text
        let new = changed.filter { $0.1 == .new }.map { $0.0.date(now: now) }
        if before == nil || !new.isEmpty { poll.state.rhythm.learn(new, at: now) }
        if !changed.isEmpty { poll.state.changed = now }
        poll.outcome = .read(
            PollOutcome.Read(entries: document.entries.count, new: new.count, mentions: poll.mentions.count))
    }

    private static func hash(_ body: [UInt8]) -> UInt64 {
        SHA256.hash(data: body).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// What one poll brought.
package struct Poll: Sendable {
    package var outcome: PollOutcome
    /// The source's, with what this poll taught; when it is asked again is not decided in it yet.
    package var state: SourceState
    /// Whether a document was read, and `state.reading` is new.
    package var hasRead = false
    package var advice = Advice()
    package var landing = Landing()
    package var mentions: [Mention] = []
    /// Ids of mentions that are older than the source's first poll: remembered, so that an edit does not make them
    /// news, and never alerted.
    package var before: [String] = []
    /// What the reader had to repair or drop in a document that was read.
    package var findings = Findings()

    package init(_ state: SourceState, at now: Date) {
        self.state = state
        self.state.polled = now
        self.state.status = nil
        outcome = .unchanged
    }

    /// What the store is to write: without what was read before, which it has.
    var visit: SourceState {
        var visit = state
        if !hasRead { visit.reading = nil }
        return visit
    }

    /// Whether its source answered, and can be asked for more.
    var isGood: Bool {
        switch outcome {
        case .unchanged, .read: true
        case .failed, .postponed: false
        }
    }

    /// Counts what the page of an entry brought as a part of the poll.
    ///
    /// - Parameter state: the source's, as it is about to be stored.
    mutating func note(_ followed: Followed, telling mentions: Int, in state: inout SourceState) {
        if case .read(let read) = outcome, mentions > 0 {
            outcome = outcome.counting(read.mentions + mentions)
            state.outcome = "\(outcome)"
        }
        if hasRead, case .closed = followed {
            findings.note(.closedPages)
            state.findings = findings.text
        }
    }

    /// Keeps of it, once it is remembered, what its end takes.
    mutating func letGo() {
        mentions = []
        before = []
        state.reading = nil
    }

    /// - Returns: whether the site lets its page be read.
    fileprivate mutating func heed(_ answer: RobotsGate.Answer) -> Bool {
        landing.pause = Second(atLeast: answer.pause ?? .zero)
        guard answer.leave != .yes else { return true }
        outcome = .failed(.disallowed)
        return false
    }

    fileprivate mutating func note(_ response: Response, at now: Date) {
        state.status = response.status
        landing.peer = response.publicPeer
        advice.freshness = Freshness.left(of: response, at: now)
    }
}

extension Request {
    fileprivate var isConditional: Bool {
        headers.contains { $0.isNamed("If-None-Match") || $0.isNamed("If-Modified-Since") }
    }
}

extension Validators {
    /// Those of a whole document. A Last-Modified that lies ahead, such as the last 32-bit date, would have the server
    /// say "unchanged" until then.
    fileprivate init(_ response: Response, at now: Date) {
        let date = response.header("Last-Modified")
        let isAhead = date.flatMap { HTTPDate.parse($0) }.map { $0 > now + 86_400 } ?? false
        self.init(etag: response.header("ETag"), lastModified: isAhead ? nil : date)
    }
}

extension Reading {
    /// Keeps who waits on, and whether somebody was given up.
    mutating func note(_ line: WaitingLine, at now: Date) {
        waiting = line.entries
        if line.lost > 0 { pagesMissed = now }
    }
}

extension Entry {
    /// Whether an entry of the first poll may alert: by its date it is inside the look-back. One without a date is as
    /// old as the poll.
    fileprivate func isNews(at now: Date, lookback: Duration) -> Bool {
        guard lookback > .zero else { return false }
        return date(now: now) ?? now >= now - lookback / .seconds(1)
    }
}

extension Findings {
    /// `3 bare ampersands, 1 illegible dates`; `nil` for none.
    var text: String? {
        let parts = all.map { kind, count in
            let words = kind.rawValue.reduce(into: "") { words, letter in
                if letter.isUppercase { words += " " + letter.lowercased() } else { words.append(letter) }
            }
            return "\(count) \(words)"
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
