import Alerting
import Foundation
import Model
import TestSupport
import Testing

@Suite struct BatchesTests {
    private func batches(_ mentions: [Mention]) -> [Int] {
        mentions.map { Told($0, body: $0.json) }.batches.map(\.count)
    }

    @Test func aFloodIsCutIntoMessagesThatAReceiverCanTake() {
        #expect(batches((1...25).map { .example($0) }) == [10, 10, 5])
    }

    @Test func longTextsTravelAlone() {
        let long = String(repeating: "a", count: Mention.textLimit)
        #expect(batches((1...5).map { .example($0, text: long) }) == [2, 2, 1])
    }

    @Test func manyMatchesTravelAlone() {
        let place = Mention.Place(
            Match(field: .body, bytes: 0..<200, scalars: 0..<200, text: String(repeating: "a", count: 200)))
        let mentions = (1...3).map { number in
            var mention = Mention.example(number)
            mention.matches = Array(repeating: place, count: 64)
            return mention
        }
        #expect(batches(mentions) == [1, 1, 1])
    }

    @Test func ofVeryManyPlacesTheFirstAreTold() {
        var told = Told(.example(1), body: [])
        for number in 2...40 { told.join(.example(number)) }
        #expect(told.copies.count == 39)
        #expect(told.copies.places.map(\.link) == (2...11).map { "https://forum.example/\($0)" })
    }
}
