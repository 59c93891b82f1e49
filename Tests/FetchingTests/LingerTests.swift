import Testing

@testable import Fetching

@Suite struct LingerTests {
    /// How many of `count` chances are taken, if waiting is always in vain.
    private func taken(_ linger: inout Linger, of count: Int) -> Int {
        var taken = 0
        for _ in 0..<count where linger.isWorthIt() {
            taken += 1
            linger.note(hasCome: false)
        }
        return taken
    }

    @Test func waitingInVainIsSoonGivenUpButNeverForGood() {
        var linger = Linger()
        let (first, later) = (taken(&linger, of: 100), taken(&linger, of: 10_000))
        #expect(first <= 7)
        #expect(later >= 9)
    }

    @Test func oneAnswerMakesItWorthItAgain() {
        var linger = Linger()
        _ = taken(&linger, of: 10_000)
        while !linger.isWorthIt() {}
        linger.note(hasCome: true)
        let isWorthIt = linger.isWorthIt()
        #expect(isWorthIt)
    }
}
