// Which source is due next: a timing wheel of 131,072 seconds, a day and a half, with its lists threaded through one
// array, so that a source costs 8 bytes and planning it 40 ns whatever their number. A value: it is told the time and
// does nothing by itself.

/// Items, numbered from 0, in the order in which they fall due.
package struct Schedule: Sendable {
    private static let slotCount = 1 << 17
    private static let none = UInt32.max

    /// The first item of each second's list; what is due a revolution later stands in the same list.
    private var heads = [UInt32](repeating: none, count: slotCount)
    /// A bit for each slot that has a list.
    private var occupied = [UInt64](repeating: 0, count: slotCount / 64)
    /// For each item, the one after it in its list, and when it is due.
    private var following: [UInt32]
    private var dues: [Second]
    /// The first second whose list was not taken yet.
    private var cursor: Second
    /// What has fallen due, in order, linked like the slots' lists.
    private var ready = (first: none, last: none)

    /// - Parameter count: how many items there are.
    package init(count: Int = 0, at now: Second = 0) {
        following = Array(repeating: Self.none, count: count)
        dues = Array(repeating: 0, count: count)
        cursor = now
    }

    /// When an item was last planned for.
    package func due(_ item: UInt32) -> Second {
        dues[Int(item)]
    }

    /// - Parameter item: it must not be planned already.
    package mutating func plan(_ item: UInt32, at due: Second) {
        dues[Int(item)] = due
        if due < cursor { makeReady(item) } else { put(item) }
    }

    /// Takes out the earliest item that is due.
    package mutating func takeDue(at now: Second) -> UInt32? {
        if ready.first == Self.none { advance(to: now) }
        let item = ready.first
        guard item != Self.none else { return nil }
        ready.first = following[Int(item)]
        if ready.first == Self.none { ready.last = Self.none }
        return item
    }

    /// Takes out everything that fell due more than `late` seconds ago and is not taken yet.
    package mutating func takeOverdue(by late: Second, at now: Second) -> [UInt32] {
        guard now > late, cursor < now - late else { return [] }
        // What is ready already was noticed in time.
        let waiting = ready
        ready = (Self.none, Self.none)
        advance(to: now - late)
        var overdue: [UInt32] = []
        while ready.first != Self.none {
            overdue.append(ready.first)
            ready.first = following[Int(ready.first)]
        }
        ready = waiting
        return overdue
    }

    /// When something may be due next; it may turn out that nothing is.
    package var next: Second? {
        if ready.first != Self.none { return cursor == 0 ? 0 : cursor - 1 }
        let start = Int(cursor) & (Self.slotCount - 1)
        for step in 0...occupied.count {
            let word = (start / 64 + step) % occupied.count
            var bits = occupied[word]
            if step == 0 { bits &= .max << UInt64(start % 64) }
            guard bits != 0 else { continue }
            let slot = word * 64 + bits.trailingZeroBitCount
            let distance = (slot - start + Self.slotCount) & (Self.slotCount - 1)
            return cursor + Second(distance)
        }
        return nil
    }

    private mutating func put(_ item: UInt32) {
        let slot = Int(dues[Int(item)]) & (Self.slotCount - 1)
        following[Int(item)] = heads[slot]
        heads[slot] = item
        occupied[slot / 64] |= 1 << UInt64(slot % 64)
    }

    private mutating func makeReady(_ item: UInt32) {
        following[Int(item)] = Self.none
        if ready.last == Self.none { ready.first = item } else { following[Int(ready.last)] = item }
        ready.last = item
    }

    /// Makes ready what is due up to `now`; after a leap, every list is looked at once and no more.
    private mutating func advance(to now: Second) {
        guard cursor <= now else { return }
        let seconds = min(Int(now - cursor) + 1, Self.slotCount)
        for step in 0..<seconds { empty((Int(cursor) + step) & (Self.slotCount - 1), upTo: now) }
        cursor = now + 1
    }

    private mutating func empty(_ slot: Int, upTo now: Second) {
        var item = heads[slot]
        guard item != Self.none else { return }
        heads[slot] = Self.none
        occupied[slot / 64] &= ~(1 << UInt64(slot % 64))
        // A slot's list has the last first; turned round, whoever was planned first goes first.
        var (first, last) = (Self.none, Self.none)
        while item != Self.none {
            let next = following[Int(item)]
            if dues[Int(item)] > now {
                put(item)
            } else {
                following[Int(item)] = first
                first = item
                if last == Self.none { last = item }
            }
            item = next
        }
        guard first != Self.none else { return }
        if ready.last == Self.none { ready.first = first } else { following[Int(ready.last)] = first }
        ready.last = last
    }
}
