// One poll of one source, from the request to a document that was read and, in `Recognising.swift`, to the mentions in
// it. It holds no state and changes none: what it found is a value that `Monitor` hands on.

package import Configuration
import Crypto
package import Fetching
package import FoundationEssentials
package import Model
import Pages

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

    /// Says of a source, as the configuration before had it and as this one has, whether it is asked or read otherwise
    /// now, so that one that failed may be mended.
    func changes(since before: Poller) -> (_ before: Source, _ after: Source) -> Bool {
        let areAll = allowsPrivateAddresses != before.allowsPrivateAddresses || userAgent != before.userAgent
        return { [reader] old, new in
            areAll || old.url != new.url || old.cadence != new.cadence || old.headers != new.headers
                || reader.reads(new, otherwiseThan: before.reader, old)
        }
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
        poll.isReadAnew = reader.readsAnew(source, since: poll.state.reading)
        let request = request(for: source, poll, at: now)
        let fetched: Fetched
        if source.kind == .page {
            let answer = try await gate.answer(for: request.url, fetcher, at: now)
            guard poll.heed(answer) else { return }
            switch try await fetcher.fetchPage(request, pause: answer.pause ?? .zero, leave: gate, at: now) {
            case .success(let page): fetched = page
            case .failure(let noLeave): return poll.outcome = .failed(noLeave.failure)
            }
        } else {
            fetched = try await fetcher.fetch(request)
        }
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

    /// What was read by other settings is asked for as if it had never been.
    private func request(for source: Source, _ poll: Poll, at now: Date) -> Request {
        let state = poll.state
        let accepted = source.kind == .feed ? Self.accepted : PageVisits.accepted
        var headers = [Header("User-Agent", userAgent), Header("Accept", accepted)]
        if !poll.isReadAnew, now < (state.answered ?? .distantPast) + Self.longestUnchanged {
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
        if hash == poll.state.reading?.bodyHash, settings.pages == 1, !poll.isReadAnew {
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
            if visits.needsLeave(for: document, of: source) {
                guard poll.heed(try await gate.answer(for: address, fetcher, at: now)) else { return }
                // Nobody knew that it would be a page, and whoever it was redirected to was not asked before.
                let landed = try await gate.answer(for: response.address, fetcher, at: now)
                if let failure = landed.failure { return poll.outcome = .failed(failure) }
            }
            poll.advice.pace = document.pace
            document.entries += await visits.furtherPages(document, of: source, at: address, fetcher, at: now)
            recognise(document, hash, of: source, into: &poll, at: now)
        }
        poll.state.answered = now
        // An unchanged first page would say nothing of the others.
        poll.state.validators = settings.pages == 1 ? Validators(response, at: now) : Validators()
    }

    private static func hash(_ body: [UInt8]) -> UInt64 {
        SHA256.hash(data: body).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
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
