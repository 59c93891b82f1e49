// The same post found twice or three times over: by a rule, in JSON-LD, in microdata. What belongs together is put
// together, the longer text and the better date kept; what stands alone is kept as it is.

internal import Feeds
internal import FoundationEssentials
internal import Markup
internal import Model

/// Puts the findings of several readings together.
struct Merging {
    private(set) var items: [PageItem] = []
    /// Places among `items`, by what makes two the same; made when a second reading has found anything.
    private var byNumber: [String: Int] = [:]
    private var byText: [[UInt8]: Int] = [:]
    private var byMoment: [String: Int] = [:]
    private var remembered = 0
    /// Which items the reading at hand has been merged into already: two of one reading are never the same.
    private var taken: Set<Int> = []

    init() {}

    /// Adds all that one reading found.
    mutating func add(_ found: [PageItem]) {
        guard !items.isEmpty, !found.isEmpty else {
            items += found
            return
        }
        remember()
        taken = []
        for item in found {
            let keys = Keys(item)
            if let place = place(of: item, keys) {
                taken.insert(place)
                items[place].take(item)
                remember(keys, at: place)
            } else {
                taken.insert(items.count)
                items.append(item)
            }
        }
    }

    /// What makes two items the same.
    private struct Keys {
        /// The last number of four digits or more in the id or, failing that, the link: sites write one post's id in
        /// many ways. Of a link, which an id may be too, only what comes last in it counts: what comes before is the
        /// year, the thread or the page.
        var number: String?
        /// The first letters of its text.
        var opening: [UInt8]?
        /// Author and minute.
        var moment: String?

        init(_ item: PageItem) {
            number = item.id.flatMap(Self.lastNumber) ?? item.link.flatMap(Self.lastNumber)
            opening = item.opening
            moment = item.moment
        }

        private static func lastNumber(_ text: String) -> String? {
            lastPart(text).split { !($0.isASCII && $0.isNumber) }.last { $0.utf8.count >= 4 }.map(String.init)
        }

        /// The fragment, else the last value of the query, else the last segment of the path; an id that is no link is
        /// all one part.
        private static func lastPart(_ text: String) -> Substring {
            text.split { "/?&;#".contains($0) }.last ?? ""
        }
    }

    private func place(of item: PageItem, _ keys: Keys) -> Int? {
        let candidates = [
            keys.number.flatMap { byNumber[$0] }.flatMap { items[$0].agrees(with: item) ? $0 : nil },
            keys.opening.flatMap { byText[$0] },
            keys.moment.flatMap { byMoment[$0] }.flatMap { items[$0].mayBe(item) ? $0 : nil },
        ]
        // But for a topic that is stated once for itself and once by its first post.
        return candidates.lazy.compactMap(\.self).first { item.body == nil || !taken.contains($0) }
    }

    /// Catches up with the items that are not in the tables yet.
    private mutating func remember() {
        for index in remembered..<items.count { remember(Keys(items[index]), at: index) }
        remembered = items.count
    }

    private mutating func remember(_ keys: Keys, at index: Int) {
        if let number = keys.number, byNumber[number] == nil { byNumber[number] = index }
        if let opening = keys.opening, byText[opening] == nil { byText[opening] = index }
        if let moment = keys.moment, byMoment[moment] == nil { byMoment[moment] = index }
    }
}

extension PageItem {
    /// The first 40 bytes of its letters and digits, in lower case as far as ASCII goes; `nil` for fewer than 20.
    fileprivate var opening: [UInt8]? {
        guard let body else { return nil }
        // Enough markup for 40 letters, but for the most decorated of posts.
        let start = String(body.value.prefix(400))
        let plain = body.form == .html ? PlainText.fromHTML(start) : start
        let letters = plain.utf8.lazy.filter {
            $0 >= 0x80 || $0 >= 0x30 && $0 < 0x3A || ($0 | 0x20) >= 0x61 && ($0 | 0x20) < 0x7B
        }
        let opening = letters.prefix(40).map { $0 < 0x80 ? $0 | 0x20 : $0 }
        return opening.count >= 20 ? Array(opening) : nil
    }

    fileprivate var moment: String? {
        guard let author, let minute else { return nil }
        return "\(author.lowercased())\n\(minute)"
    }

    /// When it was published, in minutes since 1970, where that can be read without knowing the page.
    private var minute: Int? {
        guard let text = published.first, case .date(let date)? = FeedDate(text) else { return nil }
        return Int(date.timeIntervalSince1970 / 60)
    }

    /// Whether another with the same number may be this one: there is no more in which the two are unlike than in which
    /// they are alike. The author may be a name here and a nickname there, a quotation may stand in one text alone, and
    /// a time without its zone may be most of a day off.
    fileprivate func agrees(with other: PageItem) -> Bool {
        let likeness = [
            both(author, other.author) { $0.lowercased() == $1.lowercased() },
            both(opening, other.opening) { $0.prefix(20) == $1.prefix(20) },
            both(minute, other.minute) { $0 == $1 ? true : abs($0 - $1) < 24 * 60 ? nil : false },
        ].compactMap(\.self)
        return likeness.count { $0 } >= likeness.count { !$0 }
    }

    /// What a comparison says of two values that are both known.
    private func both<Value>(_ mine: Value?, _ theirs: Value?, _ comparison: (Value, Value) -> Bool?) -> Bool? {
        guard let mine, let theirs else { return nil }
        return comparison(mine, theirs)
    }

    /// Whether another by the same author at the same time may be this one: one of them has no text worth comparing.
    fileprivate func mayBe(_ other: PageItem) -> Bool {
        guard let mine = opening, let theirs = other.opening else { return true }
        return mine.prefix(20) == theirs.prefix(20)
    }

    /// Takes over what another reading of the same post knows better.
    fileprivate mutating func take(_ other: PageItem) {
        id = id ?? other.id
        title = title ?? other.title
        link = link ?? other.link
        author = author ?? other.author
        authorLink = authorLink ?? other.authorLink
        published += other.published
        updated = updated ?? other.updated
        if let longer = other.body, longer.value.utf8.count > body?.value.utf8.count ?? 0, longer.plain != body?.plain {
            body = longer
        }
        if rating == nil {
            rating = other.rating
            scale = other.scale
        }
        scale = scale ?? other.scale
        replyTo = replyTo ?? other.replyTo
        thread.title = thread.title ?? other.thread.title
        thread.link = thread.link ?? other.thread.link
        if other.kind == .review { kind = .review }
    }
}
