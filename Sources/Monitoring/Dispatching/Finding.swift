// A mention on its way to its routes.

import Alerting
import Foundation
import Matching
import Model
import Storage

/// A mention, as JSON too, and the story it belongs to.
struct Finding: Sendable {
    var mention: Mention
    var body: [UInt8]
    /// `nil` when it was not compared with others.
    var story: Story?
    /// The ids of all routes that it has taken.
    var routes: [String] = []

    init(_ mention: Mention, story: Story) {
        self.mention = mention
        self.story = story
        body = mention.json
    }

    /// One that waited in a group.
    init(_ member: Member) throws {
        body = member.body
        mention = try JSONDecoder.earshot.decode(Mention.self, from: Data(member.body))
        // The story's sketch is stored already.
        story = mention.story.map { Story(id: $0, sketch: [], seen: mention.found) }
        routes = member.routes
    }

    /// To be told.
    var told: Told { Told(mention, body: body) }

    func member(copyOf original: String? = nil) -> Member {
        Member(id: mention.id, original: original, rank: mention.rank, body: body, routes: routes)
    }
}
