// Words that are in almost every text of the languages we read. A query is never triggered by one when it holds
// anything else, and a query that is one gets a warning.

enum CommonWords {
    /// - Parameter folded: a word's folded bytes.
    static func contains(_ folded: some Collection<UInt8>) -> Bool {
        folded.count <= 8 && all.contains(packed(folded))
    }

    /// At most eight letters as one number.
    private static func packed(_ letters: some Collection<UInt8>) -> UInt64 {
        letters.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The most frequent words of Dutch, English, German and French, folded.
    private static let all = Set(
        """
        de het een van en in is dat op te voor met zijn die niet aan er om ook als dan maar bij nog uit naar heeft ze \
        dit je we ik hij wordt door over was nu al zo kan werd meer deze hebben of geen wel tot had hun moet
        the of and to a in is it you that he was for on are with as i his they be at one have this from or had by but \
        not what all were we when your can said there an which their if will do each about how up out them then she \
        so no has more her been who its
        der die und den von zu das mit sich des auf ist im dem ein eine als auch es an werden aus er hat dass sie nach \
        wird bei einer um am sind noch wie einem einen so zum
        le la les et est un une du dans qui que au pour pas sur ne se ce il elle sont avec plus par je son des ou

        """.split(whereSeparator: \.isWhitespace).map { packed($0.utf8) })
}
