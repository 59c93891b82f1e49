// Who waits in line for their own pages, who is next, and who is given up.

import Foundation
import Model
import Monitoring
import Testing

@Suite struct WaitingLineTests {
    private let start = Date(timeIntervalSince1970: 1_772_438_400)

    private func entry(_ name: String, at host: String) -> WaitingEntry {
        let text = Mention.Text(
            id: name, title: name, link: "https://\(host)/\(name)", author: nil, published: nil, language: nil,
            kind: nil, rating: nil, text: "")
        return WaitingEntry(identity: name, text: text)
    }

    private func names(_ line: WaitingLine) -> [String] { line.entries.map(\.identity) }

    @Test func entriesOfOtherSitesPassThoseOfOneThatRests() {
        let never = ["n1", "n2", "n3"].map { entry($0, at: "never.example") }
        var line = WaitingLine(never + [entry("o", at: "other.example")])
        var round = PageRound()
        let first = round.next(in: line)
        #expect(first?.identity == "n1")
        line.settle(never[0], .noTurn, at: start)
        round.rest(never[0])
        #expect(names(line) == ["o", "n2", "n3", "n1"])
        #expect(round.next(in: line)?.identity == "o")
        line.settle(entry("o", at: "other.example"), .read([]), at: start)
        #expect(round.next(in: line) == nil)
        #expect(line.lost == 0)
    }

    @Test func whoseSiteRestsForThreeDaysIsGivenUp() {
        let never = ["n1", "n2"].map { entry($0, at: "never.example") }
        var line = WaitingLine(never)
        for hour in 0..<72 {
            if let next = line.entries.first { line.settle(next, .noTurn, at: start + Double(hour) * 3_600) }
        }
        #expect(names(line).count == 2 && line.lost == 0)
        if let next = line.entries.first { line.settle(next, .noTurn, at: start + 72 * 3_600) }
        #expect(line.entries.isEmpty && line.lost == 2)
    }

    @Test func aSiteThatBringsAPageNowAndThenIsNotGivenUp() {
        var line = WaitingLine((0..<100).map { entry("n\($0)", at: "slow.example") })
        var hour = 0.0
        while let next = line.entries.first, hour < 1_000 {
            // Every other time it has had enough.
            line.settle(next, Int(hour) % 2 == 0 ? .noTurn : .read([]), at: start + hour * 3_600)
            hour += 1
        }
        #expect(line.entries.isEmpty && line.lost == 0)
    }

    @Test func aFullLineGivesUpWhoseSiteRestsBeforeANewOne() {
        let others = (1..<WaitingLine.mostWaiting).map { entry("o\($0)", at: "other.example") }
        var line = WaitingLine(others + [entry("n", at: "never.example")])
        line.settle(entry("n", at: "never.example"), .noTurn, at: start)
        line.add(entry("new1", at: "other.example"))
        #expect(names(line) == others.map(\.identity) + ["new1"] && line.lost == 1)
        line.add(entry("new2", at: "other.example"))
        #expect(names(line).last == "new1" && line.lost == 2)
    }

    @Test func onePollAsksForEachPageOnceAndForNoMoreThanTwenty() {
        var line = WaitingLine((1...3).map { entry("o\($0)", at: "other.example") })
        var round = PageRound()
        var asked: [String] = []
        while let next = round.next(in: line) {
            asked.append(next.identity)
            line.settle(next, .later, at: start)
        }
        #expect(asked == ["o1", "o2", "o3"])
        #expect(line.entries.map(\.tries) == [1, 1, 1])

        line = WaitingLine((1...30).map { entry("o\($0)", at: "other.example") })
        round = PageRound()
        asked = []
        while let next = round.next(in: line) {
            asked.append(next.identity)
            line.settle(next, .read([]), at: start)
        }
        #expect(asked.count == PageRound.most && line.entries.count == 10)
    }
}
