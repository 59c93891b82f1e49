// After a poll, the pages of entries that their feed cuts short: asked for one by one, and each remembered by itself.

import Alerting
import FoundationEssentials
import Logging
import Model
import Runtime
import Storage

/// What it takes to follow the entries of a source.
struct PageFollower {
    let memory: SourceMemory
    let clock: any Clock
    let log: Logger
    /// Failed polls in a row after which a person is told.
    let failures: Int

    /// A source as it is configured, and what its polls need.
    typealias Configured = (source: Source, poller: Poller)

    /// Asks for the pages of entries that wait for theirs, one after the other until the source is due again, and
    /// remembers what each said before it asks for the next: after a crash a page is asked for again at worst.
    ///
    /// Thousands may wait in here for their turn, so that no more than one entry is held meanwhile.
    ///
    /// - Parameter configured: asked before each page and once it is there, since another configuration may have come
    ///   meanwhile: no page is read by the watches of the one before. `nil` ends the round; who is left waits on.
    nonisolated(nonsending) func follow(
        _ poll: inout Poll, _ fetcher: PoliteFetcher, _ configured: () -> Configured?
    ) async {
        guard poll.isGood, poll.state.reading?.waiting.isEmpty == false else { return }
        let id = poll.state.id
        poll.letGo()
        var round = PageRound()
        repeat {
            guard let (source, poller) = configured() else { return }
            do throws(StoreError) {
                guard let entry = round.next(in: try await memory.line(of: id)) else { return }
                let visit = await poller.visit(entry, of: source, fetcher, at: clock.now)
                guard let (source, poller) = configured() else { return }
                let followed = await poller.follow(entry, to: visit, of: source, at: clock.now)
                if case .calledOff = followed { return }
                if case .noTurn = followed { round.rest(entry) }
                try await remember(followed, of: entry, in: &poll, of: source, at: clock.now)
            } catch {
                return log.error("\(source.name): the pages of its entries have to wait: \(error)")
            }
        } while clock.now < poll.state.due
    }

    /// As with a document, one commit holds what a page brought and that its entry waits no more.
    private nonisolated(nonsending) func remember(
        _ followed: Followed, of entry: WaitingEntry, in poll: inout Poll, of source: Source, at now: Date
    ) async throws(StoreError) {
        let mentions = try await memory.unknown(among: followed.mentions)
        let before = try await memory.state(of: poll.state.id)
        var after = before
        var line = WaitingLine(before.reading?.waiting ?? [])
        line.settle(entry, followed, at: now)
        after.reading?.note(line, at: now)
        poll.note(followed, telling: mentions.count, in: &after)
        let coverage = Coverage(
            source: source, before: before, after: after, outcome: poll.outcome, now: now, telling: failures)
        try await memory.commit(after, mentions, coverage.reports, at: now)
        if !mentions.isEmpty { log.info("\(source.name): the page of an entry, \(mentions.count) mentions") }
    }
}
