import Alerting
import Foundation
import Model
import TestSupport
import Testing

@Suite struct PayloadTests {
    private let alert = Alert(
        id: "a_1", receiver: "webcare", made: Date(timeIntervalSince1970: 1_772_438_400), mentions: [.example(1)])

    @Test func thePayloadHasTheDocumentedShape() throws {
        let text = String(decoding: try Payload(alert).encoded(), as: UTF8.self)
        #expect(
            text == """
                {"data":{"alert":{"count":1,"group":{},"id":"a_1",\
                "priority":"normal","receiver":"webcare","route":""},"mentions":[{"edited":false,\
                "entry":{"author":null,"id":"guid-1","kind":null,"language":"nl","link":"https://forum.example/1",\
                "published":"2026-03-02T07:53:20Z","rating":null,"replyTo":null,\
                "text":"Zeebank is traag.","thread":null,"title":"Titel 1"},\
                "found":"2026-03-02T08:00:00Z","id":"m_1","labels":{"team":"retail"},\
                "matches":[{"end":7,"field":"body","start":0,"text":"Zeebank"}],"signals":[],\
                "source":{"kind":"feed","name":"Spaarforum","url":"https://forum.example/feed"},"watch":"zeebank"}]},\
                "timestamp":"2026-03-02T08:00:00Z","type":"mentions"}
                """)
    }

    @Test func whatWasSentCanBeReadBack() throws {
        let payload = Payload(alert)
        #expect(try JSONDecoder.earshot.decode(Payload.self, from: Data(payload.encoded())) == payload)
    }

    @Test func everythingThatAnAlertCanHoldComesBack() throws {
        var full = alert
        full.kind = .spike
        full.route = #"team="retail""#
        full.group = ["watch": "zeebank"]
        full.priority = .high
        full.count = 40
        full.copies = [
            "m_1": Alert.Copies(count: 39, places: [.init(source: "Krant", link: "https://krant.example/1")])
        ]
        full.spike = Spike(
            kind: .spike, count: 40, mean: 4.5, deviation: 2, threshold: 10.5, end: full.made, window: 3_600,
            since: full.made)
        full.sources = [SourceTrouble(name: "Forum", url: "https://forum.example/", state: .gone, reason: "410")]
        full.status = .firing
        full.episode = "e_1"
        full.mentions[0].signals = [Mention.Signal(name: "outage", words: ["storing"])]
        full.mentions[0].story = "s_1"
        full.mentions[0].entry.rating = 2
        #expect(try Delivery(full).alert() == full)
        #expect(try Delivery(full).body == [UInt8](try JSONEncoder.earshot.encode(Payload(full))))
    }

    @Test func aDeliveryIsDueAtOnceAndCarriesTheAlertsId() throws {
        let delivery = try Delivery(alert)
        #expect(delivery.id == "a_1")
        #expect(delivery.due == alert.made)
        #expect(delivery.attempts == 0)
    }
}
