import Alerting
import Foundation
import Model
import TestSupport
import Testing

@Suite struct PayloadTests {
    private let alert = Alert(id: "a_1", receiver: "webcare", mentions: [.example(1)])
    private let made = Date(timeIntervalSince1970: 1_772_438_400)

    @Test func thePayloadHasTheDocumentedShape() throws {
        let text = String(decoding: try Payload(alert, made: made).encoded(), as: UTF8.self)
        #expect(
            text == """
                {"data":{"alert":{"group":{},"id":"a_1","receiver":"webcare"},"mentions":[{"edited":false,\
                "entry":{"author":null,"id":"guid-1","language":"nl","link":"https://forum.example/1",\
                "published":"2026-03-02T07:53:20Z","text":"Zeebank is traag.","title":"Titel 1"},\
                "found":"2026-03-02T08:00:00Z","id":"m_1","labels":{"team":"retail"},\
                "matches":[{"end":7,"field":"body","start":0,"text":"Zeebank"}],\
                "source":{"kind":"feed","name":"Spaarforum","url":"https://forum.example/feed"},"watch":"zeebank"}]},\
                "timestamp":"2026-03-02T08:00:00Z","type":"mentions"}
                """)
    }

    @Test func whatWasSentCanBeReadBack() throws {
        let payload = Payload(alert, made: made)
        #expect(try JSONDecoder.earshot.decode(Payload.self, from: Data(payload.encoded())) == payload)
    }

    @Test func aDeliveryIsDueAtOnceAndCarriesTheAlertsId() throws {
        let delivery = try Delivery(alert, made: made)
        #expect(delivery.id == "a_1")
        #expect(delivery.due == made)
        #expect(delivery.attempts == 0)
    }
}
