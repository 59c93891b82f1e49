// Which stories are known: finds the first text of a story for one that comes later. A value without I/O, bounded in
// time and in count; whoever keeps it tells it the time.

package import FoundationEssentials

/// Near-duplicates among the texts of the last days.
package struct StoryIndex: Sendable {
    /// Why a text belongs to a story.
    package enum Likeness: Sendable, Hashable {
        case sameAddress
        /// Equal but for case, accents and punctuation.
        case sameText
        /// So much of the text is in the story's first, from 0 to 1.
        case contained(Double)
    }

    /// How much of a text must be in the first one of its story, and how many shingles at least: two false pairs in
    /// 59,937 on real texts. What quotes a text and has more to say of its own is not a copy of it.
    package static let leastShare = 0.5
    package static let leastShared = 3
    /// The same for two texts at one address, which may be two posts of one thread.
    private static let leastShareAtAddress = 0.2

    private static let storiesPerShingle = 64
    /// How many of the most promising stories a text is compared with.
    private static let comparisons = 16

    private struct Story {
        var id: Int
        var sketch: StorySketch
        var seen: Date
    }

    /// How many stories are kept; the oldest go first.
    private let capacity: Int
    private let lifetime: TimeInterval
    /// Oldest first; those before `first` are gone.
    private var stories: [Story?] = []
    private var first = 0
    /// The id of `stories[0]`.
    private var base = 0
    private var byAddress: [String: Int] = [:]
    private var byText: [Int: Int] = [:]
    private var byShingle: [UInt64: Holders] = [:]

    /// The stories with one shingle: nearly always one, which needs no array.
    private struct Holders {
        var latest: Int
        /// Those before it, ascending.
        var earlier: [Int] = []

        mutating func enter(_ id: Int) {
            if earlier.count == StoryIndex.storiesPerShingle - 1 { earlier.removeFirst() }
            earlier.append(latest)
            latest = id
        }
    }

    /// - Parameters:
    ///   - capacity: the most stories, at about 2 kB each with the index.
    ///   - lifetime: for how long a story is known after its first text; press releases travel for days.
    package init(capacity: Int = 50_000, lifetime: TimeInterval = 5 * 86_400) {
        self.capacity = max(1, capacity)
        self.lifetime = lifetime
    }

    /// The number of the oldest story that is known; every number below is forgotten.
    package var oldest: Int { base + first }

    /// How many stories are known.
    package var count: Int { stories.count - first }

    /// The story a text belongs to; a new one when it is like none.
    ///
    /// A text is compared with the first text of each story, never with a later one: that would chain unlike texts.
    package mutating func story(for sketch: StorySketch, at now: Date) -> (id: Int, likeness: Likeness?) {
        forget(before: now.addingTimeInterval(-lifetime))
        return find(sketch) ?? (enter(sketch, at: now), nil)
    }

    /// Enters a text as a story of its own, whatever it is like; the oldest first.
    package mutating func enter(_ sketch: StorySketch, at now: Date) -> Int {
        let id = base + stories.count
        stories.append(Story(id: id, sketch: sketch, seen: now))
        if let url = sketch.url { byAddress[url] = byAddress[url] ?? id }
        if let hash = sketch.exactHash { byText[hash] = byText[hash] ?? id }
        for shingle in sketch.shingles { remember(shingle, of: id) }
        if count > capacity { forgetFirst() }
        return id
    }

    private func find(_ sketch: StorySketch) -> (id: Int, likeness: Likeness?)? {
        if let url = sketch.url, let id = byAddress[url], let story = stories[id - base] {
            let share = sketch.containment(in: story.sketch).share
            if share >= Self.leastShareAtAddress { return (id, .sameAddress) }
        }
        if let hash = sketch.exactHash, let id = byText[hash] { return (id, .sameText) }
        return mostAlike(sketch)
    }

    /// A shingle in very many stories is boilerplate: it tells nothing, and must not cost much either.
    private mutating func remember(_ shingle: UInt64, of id: Int) {
        if let place = byShingle.index(forKey: shingle) {
            byShingle.values[place].enter(id)
        } else {
            byShingle[shingle] = Holders(latest: id)
        }
    }

    /// The story whose first text shares most with this one.
    private func mostAlike(_ sketch: StorySketch) -> (id: Int, likeness: Likeness?)? {
        var shared: [Int: Int] = [:]
        for shingle in sketch.shingles {
            guard let holders = byShingle[shingle] else { continue }
            for id in holders.earlier { shared[id, default: 0] += 1 }
            shared[holders.latest, default: 0] += 1
        }
        let candidates = shared.filter { $0.value >= Self.leastShared }.sorted {
            ($1.value, $0.key) < ($0.value, $1.key)
        }
        for (id, _) in candidates.prefix(Self.comparisons) {
            guard let story = stories[id - base], sketch.mayBeCopy(of: story.sketch) else { continue }
            let (share, common) = sketch.containment(in: story.sketch)
            if share >= Self.leastShare, common >= Self.leastShared { return (id, .contained(share)) }
        }
        return nil
    }

    // MARK: - Forgetting

    private mutating func forget(before limit: Date) {
        while first < stories.count, let story = stories[first], story.seen < limit { forgetFirst() }
    }

    private mutating func forgetFirst() {
        guard first < stories.count, let story = stories[first] else { return }
        stories[first] = nil
        first += 1
        if let url = story.sketch.url, byAddress[url] == story.id { byAddress[url] = nil }
        if let hash = story.sketch.exactHash, byText[hash] == story.id { byText[hash] = nil }
        for shingle in story.sketch.shingles { forget(shingle, of: story.id) }
        guard first > 1024, first > stories.count / 2 else { return }
        stories.removeFirst(first)
        base += first
        first = 0
    }

    private mutating func forget(_ shingle: UInt64, of id: Int) {
        guard let place = byShingle.index(forKey: shingle) else { return }
        if let index = byShingle.values[place].earlier.firstIndex(of: id) {
            byShingle.values[place].earlier.remove(at: index)
        } else if byShingle.values[place].latest == id {
            if let latest = byShingle.values[place].earlier.popLast() {
                byShingle.values[place].latest = latest
            } else {
                byShingle.remove(at: place)
            }
        }
    }
}

extension StorySketch {
    /// What makes two texts equal: the text; for a shorter one together with its title; for a short one, which says
    /// little alone, with its author too, since two customers may well use the same few words; for one that says next
    /// to nothing, with its address.
    fileprivate var exactHash: Int? {
        if wordCount >= Self.longText { return textHash.hashValue }
        if wordCount >= Self.shortestText { return [textHash, titleHash].hashValue }
        let words = wordCount + titleWordCount
        guard words > 0 else { return nil }
        let saying = [textHash, titleHash, authorHash]
        if words >= Self.shortestSaying { return saying.hashValue }
        return url.map { [saying.hashValue, $0.hashValue].hashValue }
    }
}
