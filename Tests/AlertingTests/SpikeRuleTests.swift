import Alerting
import Model
import Testing

@Suite struct SpikeRuleTests {
    private func kind(
        _ count: Int, _ samples: [Int], isComplete: Bool = true, _ edit: (inout SpikeRule) -> Void = { _ in }
    ) -> Spike.Kind? {
        var rule = SpikeRule()
        edit(&rule)
        return rule.figures(count: count, samples: samples, isComplete: isComplete)?.kind
    }

    @Test func aCountFarAboveTheUsualIsASpike() throws {
        let figures = try #require(SpikeRule().figures(count: 40, samples: [9, 10, 11, 10], isComplete: false))
        #expect(figures.kind == .spike && figures.mean == 10)
        // Four samples alike say less than chance does: σ is the root of the mean.
        #expect(figures.deviation == 10.0.squareRoot())
        #expect(figures.threshold == 10 + 3 * 10.0.squareRoot())
        #expect(kind(19, [9, 10, 11, 10]) == nil)
        #expect(kind(20, [9, 10, 11, 10]) == .spike)
    }

    @Test func whatVariesMuchNeedsMoreForASpike() {
        #expect(kind(60, [2, 40, 5, 30]) == nil)
        #expect(kind(90, [2, 40, 5, 30]) == .spike)
    }

    @Test func aFewAreNoSpikeWhereNothingIsUsual() {
        #expect(kind(9, [0, 0, 0]) == nil)
        #expect(kind(10, [0, 0, 0]) == .spike)
        #expect(kind(3, [0, 0, 0]) { $0.minimum = 3 } == .spike)
    }

    @Test func withoutEnoughDaysNothingIsSaid() {
        #expect(SpikeRule().figures(count: 1_000, samples: [1, 1], isComplete: true) == nil)
    }

    @Test func tooFewAreADropAndNoneAtAllASilence() {
        let usual = [40, 44, 38, 41]
        #expect(kind(21, usual) == .drop)
        #expect(kind(22, usual) == nil)
        #expect(kind(0, usual) == .silence)
        #expect(kind(0, [6, 5, 7]) == .silence)
        #expect(kind(0, [6, 0, 9]) == nil)
        #expect(kind(0, [3, 4, 4]) == nil)
        #expect(kind(0, usual) { $0.tellsDrops = false } == nil)
        // A window that has not ended may still fill.
        #expect(kind(0, usual, isComplete: false) == nil)
    }
}
