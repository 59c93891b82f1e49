import Alerting
import Foundation
import Model
import TestSupport
import Testing

@Suite struct RouteTests {
    private let now = Date(timeIntervalSince1970: 1_772_438_400)

    @Test func withoutAReceiverNothingIsSent() {
        #expect(Route().alerts(for: [.example(1)], at: now).isEmpty)
    }

    @Test func mentionsOfOnePollTravelTogether() {
        let alerts = Route(receiver: "webcare").alerts(for: [.example(1), .example(2)], at: now)
        #expect(alerts.map(\.mentions.count) == [2])
        #expect(alerts.map(\.receiver) == ["webcare"])
    }

    @Test func aFloodIsCutIntoMessagesThatAReceiverCanTake() {
        let mentions = (1...25).map { Mention.example($0) }
        let alerts = Route(receiver: "webcare").alerts(for: mentions, at: now)
        #expect(alerts.map(\.mentions.count) == [10, 10, 5])
        #expect(alerts.flatMap(\.mentions) == mentions)
    }

    @Test func longTextsTravelAlone() {
        let long = String(repeating: "a", count: Mention.textLimit)
        let alerts = Route(receiver: "webcare").alerts(for: (1...5).map { .example($0, text: long) }, at: now)
        #expect(alerts.map(\.mentions.count) == [2, 2, 1])
    }

    @Test func theSameMentionsMakeTheSameAlertAndOthersAnother() {
        let route = Route(receiver: "webcare")
        let first = route.alerts(for: [.example(1)], at: now).map(\.id)
        #expect(first == route.alerts(for: [.example(1)], at: now).map(\.id))
        #expect(first != route.alerts(for: [.example(2)], at: now).map(\.id))
        #expect(first != Route(receiver: "night").alerts(for: [.example(1)], at: now).map(\.id))
    }
}
