// The schedule's time: whole seconds since 1970 in 32 bits, four bytes where a Date has eight. It ends in 2106.

package import FoundationEssentials

package typealias Second = UInt32

extension Second {
    /// The first whole second that is not before `date`.
    package init(notBefore date: Date) {
        self.init(clamping: Self.whole(date, .up))
    }

    /// The last whole second that is not after `date`.
    package init(notAfter date: Date) {
        self.init(clamping: Self.whole(date, .down))
    }

    /// As many whole seconds as a duration has, or one more.
    package init(atLeast duration: Duration) {
        self.init(clamping: duration.components.seconds + (duration.components.attoseconds > 0 ? 1 : 0))
    }

    package var date: Date { Date(timeIntervalSince1970: Double(self)) }

    private static func whole(_ date: Date, _ rule: FloatingPointRoundingRule) -> Int {
        let seconds = date.timeIntervalSince1970.rounded(rule)
        return seconds.isNaN ? 0 : Int(seconds.clamped(to: 0...Double(Second.max)))
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
