import Foundation
import Journaling
import Model
import TestSupport
import Testing

@Suite struct JournalEventTests {
    @Test func aMentionThatIsJSONAlreadyMakesTheSameLine() throws {
        let (mention, time) = (Mention.example(1), Date(timeIntervalSince1970: 1_772_438_400.5))
        let event = JournalEvent(.mention(mention), at: time)
        #expect(try JournalEvent.line(mention: mention.json, at: time) == event.encoded())
    }

    private let time = Date(timeIntervalSince1970: 1_772_438_400)

    private func roundTrip(_ event: JournalEvent) throws -> JournalEvent {
        try JSONDecoder.earshot.decode(JournalEvent.self, from: Data(event.encoded()))
    }

    @Test func everyKindReadsBackAsItWasWritten() throws {
        let delivery = Delivery(id: "a_1", receiver: "webcare", body: [], attempts: 1, due: time)
        let spike = Spike(
            kind: .spike, count: 9, mean: 1.5, deviation: 0.5, threshold: 3, end: time, window: 3_600, since: time)
        let happenings: [JournalEvent.Happening] = [
            .mention(.example(1)),
            .delivery(.init(delivery, verdict: .delivered)),
            .delivery(.init(delivery, verdict: .retry(reason: "answered 500", due: time + 5))),
            .delivery(.init(delivery, verdict: .parked(reason: "answered 404"))),
            .delivery(.init(delivery, verdict: .receiverGone)),
            .delivery(.init(id: "a_1", receiver: "duty", attempt: 3, verdict: "redelivered", from: "web\"care")),
            .delivery(.init(delivery, verdict: .retry(reason: "\"nee\"\n\u{1}/ 👨‍👩‍👧", due: time + 6))),
            .source(.init(name: "Forum", url: "https://f.example/", state: .failing, reason: "no answer")),
            .alert(.init(Alert(id: "a_1", receiver: "web\"care", made: time), mentions: ["m_1", "m_2"])),
            .alert(
                .init(Alert(id: "a_1", kind: .digest, receiver: "a", made: time, status: .firing), mentions: [])),
            .alert(.init(Alert(id: "a_1", kind: .spike, receiver: "a", made: time, spike: spike), mentions: [])),
        ]
        for happening in happenings {
            let event = JournalEvent(happening, at: time)
            #expect(try roundTrip(event) == event)
            #expect(try event.encoded() == [UInt8](try JSONEncoder.earshot.encode(event)))
        }
    }

    @Test func aLineIsOneJSONObjectOnOneLine() throws {
        let mention = Mention.example(1, text: "twee\nregels\r\nen \u{2028} een \u{1B}[31m")
        let bytes = try JournalEvent(.mention(mention), at: time).encoded()
        #expect(bytes.first == UInt8(ascii: "{") && bytes.last == UInt8(ascii: "}"))
        #expect(!bytes.contains(UInt8(ascii: "\n")) && !bytes.contains(0x1B))
    }

    @Test func anAttemptIsCountedFromOne() throws {
        let delivery = Delivery(id: "a_1", receiver: "webcare", body: [], attempts: 0, due: time)
        let text = String(
            decoding: try JournalEvent(.delivery(.init(delivery, verdict: .delivered)), at: time).encoded(),
            as: UTF8.self)
        #expect(
            text == """
                {"delivery":{"attempt":1,"id":"a_1","receiver":"webcare","verdict":"delivered"},\
                "event":"delivery","time":"2026-03-02T08:00:00Z"}
                """)
    }
}
