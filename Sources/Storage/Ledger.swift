// The inside of a transaction, for decisions that must see what is stored and be stored in one go: what a mention
// becomes at its routes, and what a group that falls due becomes. Part of the `MentionStore` seam.

package import FoundationEssentials
package import Model

/// What a decision reads and writes, in the transaction of the change that it belongs to. It throws only when the store
/// cannot go on; then nothing of the change is written.
package protocol Ledger {
    // MARK: Stories

    /// The mention of this story that was told first in this scope, a route and a watch, and the group that it went
    /// into, if any; `nil` when none was.
    func told(_ story: String, in scope: Int64) throws -> (mention: String, group: String?)?

    /// Remembers a story's first mention in a scope, and the story's sketch.
    func tell(_ story: Story, in scope: Int64, by mention: String, group: String?) throws

    // MARK: Groups

    /// Adds a member to a group, which falls due at `due`, or at the time that it waited for if that is earlier, but
    /// never within `interval` seconds of the last alert. A member that is there already stays as it was.
    func gather(_ member: Member, into group: Group, due: Date, interval: TimeInterval, at now: Date) throws

    /// Whether a member still waits.
    func isWaiting(_ member: String, in group: String) throws -> Bool

    /// How urgent a group is; `nil` if there is none.
    func priority(of group: String) throws -> Alert.Priority?

    /// Adds a copy to the group that its original waits in; whether it still does.
    func join(_ copy: Member, in group: String) throws -> Bool

    /// Makes a group fall due although nothing may wait in it.
    func await(_ group: Group, due: Date) throws

    /// Members that are no copies, in the order in which they came.
    func originals(of group: String, limit: Int) throws -> [Member]

    /// Of the first `count` members, those of the highest rank that are no copies.
    func top(of group: String, among count: Int, limit: Int) throws -> [Member]

    /// The copies of a member in the order in which they came: the ids of all, and the first few themselves.
    func copies(of member: String, in group: String, limit: Int) throws -> (ids: [String], first: [Member])

    /// Ids of members in the order in which they came.
    func ids(of group: String, limit: Int) throws -> [String]

    /// Members in the order in which they came, copies included.
    func members(of group: String, limit: Int) throws -> [Member]

    /// Takes members out of a group, with their copies.
    func remove(_ members: [String], from group: String) throws

    /// Takes out the first members, as many as `limit`.
    func removeFirst(_ limit: Int, from group: String) throws

    /// Moves every member of one group to another, which falls due at `due`.
    func move(_ group: String, into other: Group, due: Date) throws

    /// Notes that a group was told of. It falls due again at `due` if it has members left, or in any case if it must.
    func close(_ group: String, at now: Date, again due: Date, mustAgain: Bool) throws

    /// Whether a group is due, as `dueGroups` sees it: stored times are compared with stored times, because the number
    /// of seconds since 1970 that stands for a `Date` may be a later one.
    func isDue(_ group: String, at now: Date) throws -> Bool

    /// When a group falls due; `nil` when it does not.
    func due(_ group: String) throws -> Date?

    /// Puts a group off, or brings it forward.
    func plan(_ group: String, at due: Date) throws

    // MARK: Tallies

    /// Counts one mention. Of a route that has very many scopes, the first ones are counted.
    func count(in scope: TallyScope, bucket: Int, at now: Date) throws

    /// Notes that a bucket counts for one, whatever was counted in it before.
    func mark(_ scope: String, bucket: Int) throws

    /// Scopes that were counted at `since` or later, and those with an episode.
    func scopes(countedSince since: Date) throws -> [TallyScope]

    /// What was counted in some buckets.
    func sum(of scope: String, in buckets: Range<Int>) throws -> Int

    /// Begins a scope's episode, or ends it.
    func setEpisode(_ episode: TallyScope.Episode?, of scope: String) throws

    // MARK: Receivers

    /// How many alerts a receiver got since when, as far as its limit needs to know.
    func allowance(of receiver: String) throws -> (since: Date, alerts: Int)?
    func setAllowance(of receiver: String, since: Date, alerts: Int) throws

    /// Puts a delivery into the outbox. One that is there already stays as it was: its id says that it is the same.
    func deliver(_ delivery: Delivery) throws

    /// Adds a line to the journal.
    func note(_ line: [UInt8]) throws
}

/// A text that is known, with what finds it again.
package struct Story: Sendable, Equatable {
    package var id: String
    package var sketch: [UInt8]
    package var seen: Date

    package init(id: String, sketch: [UInt8], seen: Date) {
        self.id = id
        self.sketch = sketch
        self.seen = seen
    }
}

/// What waits to be told in one alert.
package struct Group: Sendable, Equatable {
    /// Made from all that follows.
    package var key: String
    /// What becomes of it.
    package var kind: Alert.Kind
    /// The id of the route that decides when; empty for what no route decides.
    package var route: String
    package var receiver: String
    package var labels: [String: String]
    /// What waits in a high one is held up by a rate limit alone.
    package var priority: Alert.Priority

    package init(
        key: String, kind: Alert.Kind, route: String, receiver: String, labels: [String: String],
        priority: Alert.Priority = .normal
    ) {
        self.key = key
        self.kind = kind
        self.route = route
        self.receiver = receiver
        self.labels = labels
        self.priority = priority
    }
}

/// What is counted together: the mentions of one group of a route.
package struct TallyScope: Sendable, Equatable {
    package var key: String
    /// The route's id.
    package var route: String
    package var labels: [String: String]
    /// When counting began.
    package var since: Date
    package var episode: Episode?

    package struct Episode: Sendable, Equatable {
        package var kind: Spike.Kind
        package var opened: Date

        package init(kind: Spike.Kind, opened: Date) {
            self.kind = kind
            self.opened = opened
        }
    }

    package init(key: String, route: String, labels: [String: String], since: Date, episode: Episode? = nil) {
        self.key = key
        self.route = route
        self.labels = labels
        self.since = since
        self.episode = episode
    }
}

/// A mention, or a source in trouble, that waits in a group.
package struct Member: Sendable, Equatable {
    /// The mention's id, or the source's address.
    package var id: String
    /// The member that this one is a copy of.
    package var original: String?
    /// The higher, the sooner a digest tells it.
    package var rank: Double
    /// As JSON.
    package var body: [UInt8]
    /// The ids of all routes that the mention has taken, this group's among them: a reload asks none of them again.
    package var routes: [String]

    package init(id: String, original: String? = nil, rank: Double = 0, body: [UInt8], routes: [String] = []) {
        self.id = id
        self.original = original
        self.rank = rank
        self.body = body
        self.routes = routes
    }
}
