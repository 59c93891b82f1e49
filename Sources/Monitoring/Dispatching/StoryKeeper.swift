// Which story a text belongs to. What is in memory is an index of what the store has; a text that was entered here and
// whose mention could not be committed does no harm, since only the store says what was told.

import Alerting
import FoundationEssentials
import Matching
import Model
import Storage

/// The stories of the last days.
struct StoryKeeper: Sendable {
    private var index = StoryIndex(capacity: Self.capacity, lifetime: Self.lifetime)
    /// By their number in the index, which counts up.
    private var stories: [Int: Story] = [:]
    private var oldest = 0

    /// About 3 kB each with the index.
    static let capacity = 20_000
    /// In seconds: press releases travel for days.
    static let lifetime: TimeInterval = 5 * 86_400

    /// Enters what the store has, the oldest first.
    mutating func restore(_ known: [Story]) {
        for story in known {
            guard let sketch = StorySketch(bytes: story.sketch) else { continue }
            stories[index.enter(sketch, at: story.seen)] = story
        }
    }

    /// The story that a mention's text belongs to: that of the first like it, or its own.
    mutating func story(of mention: Mention, _ sketch: StorySketch, at now: Date) -> Story {
        let found = index.story(for: sketch, at: now)
        while oldest < index.oldest {
            stories[oldest] = nil
            oldest += 1
        }
        if let known = stories[found.id] { return known }
        let story = Story(id: Identifiers.story(first: mention.id), sketch: sketch.bytes, seen: now)
        stories[found.id] = story
        return story
    }
}

extension StorySketch {
    init(_ mention: Mention) {
        let entry = mention.entry
        self.init(title: entry.title, text: entry.text, url: entry.link ?? "", author: entry.author ?? "")
    }
}
