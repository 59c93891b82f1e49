// How much text may be taken out of one page. Items and properties lie in one another, and many may refer to one: a
// page of a few kilobytes, taken apart by its own word, would have one text kept hundreds of times.

/// What one page may still give. It lives as long as the reading of the page, on one thread.
final class TextBudget {
    private var left: Int
    /// Texts that were left out because nothing was left.
    private(set) var refused = 0

    /// - Parameter bytes: what may be taken, and then the last text whole.
    init(_ bytes: Int) {
        left = bytes
    }

    /// Whether anything may still be taken; where nothing may, that is counted.
    func allows() -> Bool {
        if left <= 0 { refuse() }
        return left > 0
    }

    func refuse() {
        refused += 1
    }

    func spend(_ count: Int) {
        left -= count
    }

    /// A text, or an empty one where nothing may be taken any more.
    /// - Parameter steps: what it costs at least, however short it is: the nodes that are walked for it.
    func take(steps: Int = 0, _ text: () -> String) -> String {
        guard allows() else { return "" }
        let text = text()
        spend(max(text.utf8.count, steps))
        return text
    }
}
