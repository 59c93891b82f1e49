// What had to be done to a document's bytes and markup before it could be read, counted.

/// Counts of repairs. `all` names them as reports show them.
package struct Repairs: Sendable, Equatable {
    /// Bytes that are invalid in the document's encoding, read as Windows-1252.
    package var badBytes = 0
    /// Runs of characters that were UTF-8 taken for Windows-1252 and encoded again; put right in titles and texts.
    package var doubleEncoded = 0
    /// Characters that XML forbids, dropped.
    package var controlCharacters = 0
    package var bareAmpersands = 0
    package var bareAngles = 0
    /// References that only HTML knows (`&nbsp;`, `&#146;`), resolved.
    package var htmlReferences = 0
    /// References to names that no one declares, kept as text.
    package var unknownEntities = 0
    /// Numeric references to characters that do not exist or that XML forbids, dropped.
    package var badReferences = 0
    /// Tags with attributes that lack a value, a quote or a space, written anew.
    package var brokenTags = 0
    package var unclosedElements = 0
    package var strayEndTags = 0
    package var declarationsDropped = 0
    package var doctypesDropped = 0
    /// Comments and instructions that XML does not allow.
    package var commentsDropped = 0
    /// Bytes before the root element that are neither prolog nor white space, or elements after it.
    package var junkDropped = 0
    /// CDATA sections that never end, read as text.
    package var openSections = 0
    /// Tags over the limits on length and attributes, kept without their attributes.
    package var oversizedTags = 0
    /// Elements nested too deep, of which the text is kept.
    package var tooDeep = 0

    /// 1 if the root element is never closed.
    package var endsEarly = 0

    package init() {}

    package var all: [(name: String, count: Int)] {
        [
            ("badBytes", badBytes), ("doubleEncoded", doubleEncoded), ("controlCharacters", controlCharacters),
            ("bareAmpersands", bareAmpersands), ("bareAngles", bareAngles), ("htmlReferences", htmlReferences),
            ("unknownEntities", unknownEntities),
            ("badReferences", badReferences), ("brokenTags", brokenTags), ("unclosedElements", unclosedElements),
            ("strayEndTags", strayEndTags), ("declarationsDropped", declarationsDropped),
            ("doctypesDropped", doctypesDropped), ("commentsDropped", commentsDropped), ("junkDropped", junkDropped),
            ("openSections", openSections), ("oversizedTags", oversizedTags), ("tooDeep", tooDeep),
            ("endsEarly", endsEarly),
        ].filter { $0.count > 0 }
    }
}
