// What a document holds once it has been read: entries, and the feed around them. Everything here came from a stranger.

package import FoundationEssentials

/// One item of a feed, page or JSON document.
package struct Entry: Sendable, Equatable {
    /// What makes this the same entry at the next poll: never empty, and no two entries of one document share it.
    package var identity: String
    /// Hashes that decide whether an entry is new, renamed or edited.
    package var marks: EntryMarks
    /// The id as the document states it (guid, atom:id); many have none.
    package var id: String?
    package var title: RichText?
    package var link: String?
    package var authors: [Person] = []
    package var published: Date?
    package var updated: Date?
    package var summary: RichText?
    package var contents: [RichText] = []
    /// The BCP 47 tag that applies to the entry, its own or the feed's.
    package var language: String?

    package init(identity: String, marks: EntryMarks) {
        self.identity = identity
        self.marks = marks
    }
}

/// Three 64-bit hashes of an entry, stable across runs and machines.
package struct EntryMarks: Sendable, Hashable {
    /// Of `Entry.identity`.
    package var identity: UInt64
    /// Of the normalised link and the title: still the same when a site changes its guids or moves to https.
    package var alias: UInt64
    /// Of everything that a query can look at: another value means that the entry was edited.
    package var content: UInt64

    package init(identity: UInt64, alias: UInt64, content: UInt64) {
        self.identity = identity
        self.alias = alias
        self.content = content
    }
}

/// Text as a document holds it, plain or with markup.
package struct RichText: Sendable, Equatable {
    package enum Form: Sendable {
        case plain, html
    }

    package var value: String
    package var form: Form

    package init(_ value: String, form: Form) {
        self.value = value
        self.form = form
    }
}

/// An author as the document states them.
package struct Person: Sendable, Hashable {
    package var name: String?
    package var email: String?
    package var url: String?

    package init(name: String? = nil, email: String? = nil, url: String? = nil) {
        self.name = name
        self.email = email
        self.url = url
    }
}
