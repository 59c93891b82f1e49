// An entry that was seen, whose own page is still to be fetched for its full text.

package import FoundationEssentials

/// What is kept of it: what it takes to recognise it, and to tell of it, once the page is there. The feed may show it
/// no longer by then.
package struct WaitingEntry: Sendable, Equatable, Codable {
    /// `Entry.identity`.
    package var identity: String
    package var text: Mention.Text
    /// Polls that asked for the page in vain.
    package var tries = 0
    /// Since when its host has had no turn for us, without a break.
    package var restsSince: Date?

    package init(identity: String, text: Mention.Text) {
        self.identity = identity
        self.text = text
    }

    /// The entry again, as far as a watch can look at it.
    package var entry: Entry {
        var entry = Entry(identity: identity)
        entry.id = text.id
        entry.title = RichText(text.title, form: .plain)
        entry.link = text.link
        entry.authors = text.author.map { [Person(name: $0)] } ?? []
        entry.published = text.published
        entry.language = text.language
        entry.kind = text.kind
        entry.thread = text.thread.map { Entry.Thread(title: $0) }
        entry.inReplyTo = text.replyTo
        // Stars are of five already.
        entry.rating = text.rating
        entry.contents = text.text.isEmpty ? [] : [RichText(text.text, form: .plain)]
        return entry
    }
}
