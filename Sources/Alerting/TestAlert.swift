// The alert of `earshot receivers test`: what a real one would look like, marked as a test.

package import FoundationEssentials
package import Model

extension Alert {
    /// - Parameter now: makes the id, so that each test is an alert of its own.
    package static func test(receiver: String, at now: Date) -> Alert {
        let text = "This is what a mention of your brand would look like. Example is the word that was found."
        let match = Match(field: .body, bytes: 54..<61, scalars: 54..<61, text: "Example")
        let mention = Mention(
            id: Identifiers.test(receiver: receiver, at: now, "mention"), watch: "test", labels: [:],
            source: Mention.Origin(name: "Earshot itself", url: "https://example.com/feed", kind: .feed),
            entry: Mention.Text(
                id: nil, title: "A test, sent by hand", link: "https://example.com/", author: nil, published: now,
                language: "en", text: text),
            matches: [Mention.Place(match)], found: now, edited: false)
        return Alert(
            id: Identifiers.test(receiver: receiver, at: now, "alert"), kind: .test, receiver: receiver, made: now,
            mentions: [mention])
    }
}
