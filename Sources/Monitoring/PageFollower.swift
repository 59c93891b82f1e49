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

    /// Asks for the pages of entries that wait for theirs, one after the other until the source is due again, and
    /// remembers what each said before it asks for the next: after a crash a page is asked for again at worst.
    ///
    /// Thousands may wait in here for their turn, so that no more than one entry is held meanwhile.
    nonisolated(nonsending) func follow(
        _ poll: inout Poll, of source: Source, _ poller: Poller, _ fetcher: PoliteFetcher
    ) async {
        guard poll.isGood, poll.state.reading?.waiting.isEmpty == false, poller.follows(source) else { return }
        poll.letGo()
        var round = PageRound()
        do throws(StoreError) {
            repeat {
                guard let entry = round.next(in: try await memory.line(of: poll.state.id)) else { return }
                let followed = await poller.follow(entry, of: source, fetcher, at: clock.now)
                if case .calledOff = followed { return }
                if case .noTurn = followed { round.rest(entry) }
                try await remember(followed, of: entry, in: &poll, of: source, at: clock.now)
            } while clock.now < poll.state.due
        } catch {
            log.error("\(source.name): the pages of its entries have to wait: \(error)")
        }
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
