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
import Storage

/// What polls need, made once for each configuration.
package struct Poller: Sendable {
    private let fetcher: Fetcher
    private let recogniser: Recogniser
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
    }

    /// Fetches, reads and recognises.
    ///
    /// It runs off every actor, on the pool of as many threads as there are cores, since reading is what costs.
    @concurrent
    package func poll(_ source: Source, _ state: SourceState, at now: Date) async -> Poll {
        let fetched = await fetcher.fetch(request(for: source, state))
        switch fetched.outcome {
        case .failed(let failure):
            return Poll(outcome: .failed(.unreachable(failure)))
        case .response(let response) where response.status == 304:
            return Poll(outcome: .unchanged, validators: state.validators.refreshed(by: response))
        case .response(let response) where (200..<300).contains(response.status):
            return read(response, of: source, state, at: now)
        case .response(let response):
            let rest = [429, 503].contains(response.status) ? response.retryAfter(now: now) : nil
            return Poll(outcome: .failed(.refused(status: response.status, retryAfter: rest)))
        }
    }

    private func request(for source: Source, _ state: SourceState) -> Request {
        var headers = [Header("User-Agent", userAgent), Header("Accept", Self.accepted)]
        if let etag = state.validators.etag { headers.append(Header("If-None-Match", etag)) }
        if let date = state.validators.lastModified { headers.append(Header("If-Modified-Since", date)) }
        // What the user configures replaces ours.
        headers.removeAll { ours in source.headers.contains { $0.isNamed(ours.name) } }
        return Request(
            url: source.url, headers: headers + source.headers, limits: Self.limits,
            allowsPrivateAddresses: allowsPrivateAddresses)
    }

    private func read(_ response: Response, of source: Source, _ state: SourceState, at now: Date) -> Poll {
        let validators = Validators(etag: response.header("ETag"), lastModified: response.header("Last-Modified"))
        let hash = Self.hash(response.body)
        guard hash != state.reading?.bodyHash else { return Poll(outcome: .unchanged, validators: validators) }
        do throws(FeedError) {
            let feed = try FeedReader().read(
                response.body, address: response.address, headers: response.headers, now: now)
            var poll = recognise(feed.entries, hash, of: source, state, at: now)
            poll.validators = validators
            return poll
        } catch {
            return Poll(outcome: .failed(.unreadable(error)))
        }
    }

    /// Drops what was seen before and is unchanged, and looks for mentions in the rest.
    private func recognise(
        _ entries: [Entry], _ hash: UInt64, of source: Source, _ state: SourceState, at now: Date
    ) -> Poll {
        let marks = entries.map(\.marks)
        var seen = state.reading?.seen ?? SeenEntries()
        let novelty = seen.novelty(of: marks)
        let isGap = seen.isGap(before: marks)
        seen.remember(marks)

        var poll = Poll(outcome: .unchanged)
        for (entry, novelty) in zip(entries, novelty) where novelty != .unchanged {
            let mentions = recogniser.mentions(in: entry, of: source, found: now, edited: novelty == .edited)
            if state.reading != nil || entry.isNews(at: now, lookback: source.lookback) {
                poll.mentions += mentions
            } else {
                poll.before += mentions.map(\.id)
            }
        }
        poll.reading = Reading(bodyHash: hash, baseline: state.reading?.baseline ?? now, seen: seen)
        poll.isGap = isGap
        poll.outcome = .read(
            PollOutcome.Read(
                entries: entries.count, new: novelty.count { $0 == .new }, mentions: poll.mentions.count))
        return poll
    }

    private static func hash(_ body: [UInt8]) -> UInt64 {
        SHA256.hash(data: body).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// What one poll brought.
package struct Poll: Sendable {
    package var outcome: PollOutcome
    /// `nil` keeps the stored ones.
    package var validators: Validators?
    /// `nil` when no document was read.
    package var reading: Reading?
    package var mentions: [Mention] = []
    /// Ids of mentions that are older than the source's first poll: remembered, so that an edit does not make them
    /// news, and never alerted.
    package var before: [String] = []
    /// Whether entries may have been missed since the poll before.
    package var isGap = false

    package init(outcome: PollOutcome, validators: Validators? = nil) {
        self.outcome = outcome
        self.validators = validators
    }
}

extension Validators {
    /// A 304 may carry newer ones (RFC 9110, 15.4.5); what it leaves out stays.
    fileprivate func refreshed(by response: Response) -> Validators? {
        let new = Validators(
            etag: response.header("ETag") ?? etag, lastModified: response.header("Last-Modified") ?? lastModified)
        return new == self ? nil : new
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
