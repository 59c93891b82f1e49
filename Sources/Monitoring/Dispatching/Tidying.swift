// What the store forgets, and when: once a day, all that nothing will be compared with any more. A value.

import FoundationEssentials
import Storage

struct Tidying: Sendable {
    private var next = Date.distantPast

    /// A group that was told is remembered for as long as `group_interval` may ask for it, in seconds.
    private static let groupMemory: TimeInterval = 7 * 86_400
    /// Tallies and silences are kept for longer than the earliest day that a count is compared with, in seconds.
    static let longMemory: TimeInterval = 30 * 86_400
    /// Mentions are remembered for longer than any entry stays in a feed's window or is brought back by an edit.
    private static let mentionMemory: TimeInterval = 400 * 86_400

    /// Whether it is time again; then the next time is a day away.
    mutating func begins(at now: Date) -> Bool {
        guard now >= next else { return false }
        next = now + 86_400
        return true
    }

    /// A clock that was set back must not put it off.
    mutating func followClock(to now: Date) {
        next = min(next, now + 86_400)
    }

    static func run(in store: any MentionStore, at now: Date) async throws(StoreError) {
        try await store.forget(
            storiesBefore: now - StoryKeeper.lifetime, beyond: StoryKeeper.capacity, groupsBefore: now - groupMemory,
            talliesBefore: now - longMemory)
        try await store.forgetMentions(before: now - mentionMemory)
    }
}
