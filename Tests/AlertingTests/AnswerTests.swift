import Alerting
import Foundation
import Model
import Testing

/// What each target's answers mean.
@Suite struct AnswerTests {
    private func answer(
        _ format: Format, _ status: Int, _ body: String = "", headers: [String: String] = [:],
        retryAfter: TimeInterval? = nil
    ) -> Answer {
        Webhook(url: "https://hooks.example/services/T0KEN-abcdefgh", format: format).answer(
            status: status, header: { headers[$0] }, body: Array(body.utf8), retryAfter: retryAfter)
    }

    @Test(arguments: [200, 201, 202, 204, 299])
    func anySuccessIsOneForOurOwnFormat(_ status: Int) {
        #expect(answer(.standard, status) == .accepted())
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504, 599])
    func whatMayPassIsNoRefusal(_ status: Int) {
        #expect(answer(.standard, status, retryAfter: 7) == .busy(reason: "answered \(status)", pause: 7))
    }

    @Test(arguments: [400, 401, 403, 404, 422])
    func aWrongMessageIsRefused(_ status: Int) {
        #expect(answer(.standard, status) == .refused(reason: "answered \(status)"))
    }

    @Test func aRedirectIsARefusalThatSaysSo() {
        #expect(answer(.standard, 302) == .refused(reason: "answered 302, and redirects are never followed"))
    }

    @Test func goneIsGone() {
        #expect(answer(.standard, 410) == .gone)
        #expect(answer(.slack, 410, "channel_is_archived") == .gone)
    }

    @Test(arguments: [
        (Format.slack, "ok"), (.mattermost, "ok\n"), (.discord, #"{"id":"1"}"#), (.teams, ""), (.teams, "1"),
        (.googleChat, #"{"name":"spaces/x/messages/y"}"#), (.ntfy(token: nil), #"{"id":"a","event":"message"}"#),
        (.gotify(token: "t"), #"{"id":25}"#), (.matrix(room: "!r:s", token: "t"), #"{"event_id":"$1"}"#),
        (.telegram(chat: "1", token: "t"), #"{"ok":true,"result":{}}"#),
        (.pagerDuty(key: "k"), #"{"status":"success","dedup_key":"a"}"#),
        (.opsgenie(key: "k"), #"{"result":"Request will be processed","requestId":"1"}"#),
        (.zendesk(user: "u", token: "t"), #"{"ticket":{"id":1}}"#),
        (.freshdesk(requester: "a@b.nl", token: "t"), #"{"id":1}"#),
    ])
    func eachTargetSaysYesInItsWay(_ format: Format, _ body: String) {
        #expect(answer(format, 200, body) == .accepted())
    }

    @Test func aYesThatIsNoneIsQuoted() {
        let reason = "answered 200, but not as this format's target does: invalid_payload"
        #expect(answer(.slack, 200, "invalid_payload") == .busy(reason: reason))
    }

    @Test(arguments: [
        Format.slack, .mattermost, .discord, .googleChat, .ntfy(token: nil), .gotify(token: "t"),
        .matrix(room: "!r:s", token: "t"), .telegram(chat: "1", token: "t"), .pagerDuty(key: "k"),
        .opsgenie(key: "k"), .zendesk(user: "u", token: "t"), .freshdesk(requester: "a@b.nl", token: "t"),
    ])
    func anErrorPageWithStatus200IsNoYes(_ format: Format) {
        let page = "<!doctype html><title>Sign in to the hotel's network</title>"
        guard case .busy = answer(format, 200, page) else {
            Issue.record("\(format) took a page for a yes")
            return
        }
    }

    @Test func teamsSaysTwoHundredAndMeansAnError() {
        let body = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error "
        guard case .refused = answer(.teams, 200, body + "413 with ContextId tcid=0"),
            case .busy = answer(.teams, 200, body + "429 with ContextId tcid=0")
        else {
            Issue.record("the error in the body counts")
            return
        }
    }

    @Test(arguments: [
        (Format.discord, #"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#, 64.57),
        (
            .telegram(chat: "1", token: "t"),
            #"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":30}}"#, 30
        ),
        (.matrix(room: "!r:s", token: "t"), #"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}"#, 2.5),
    ])
    func howLongToWaitIsReadFromTheBody(_ format: Format, _ body: String, _ pause: Double) {
        #expect(answer(format, 429, body).pause == pause)
        #expect(answer(format, 429, body, retryAfter: 100).pause == 100)
    }

    /// `receivers test` shows the pause in whole seconds, which ended it where they were more than an Int holds.
    @Test(arguments: [("1e300", 86_400), ("-1e300", 0), ("1e308", 86_400)])
    func aWaitInTheBodyIsADayAtMost(_ stated: String, _ pause: Double) {
        #expect(answer(.discord, 200, #"{"id":"1","retry_after":\#(stated)}"#) == .accepted(pause: pause))
    }

    @Test(arguments: ["nan", "-nan", "soon"]) func aBudgetThatEndsAtNoTimeIsNoPause(_ reset: String) {
        let headers = ["RateLimit-Remaining": "0", "RateLimit-Reset": reset]
        #expect(answer(.standard, 200, headers: headers) == .accepted())
    }

    @Test func aSpentBudgetIsAPauseAfterASuccess() {
        let discord = ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "1.5"]
        #expect(answer(.discord, 200, #"{"id":"1"}"#, headers: discord) == .accepted(pause: 1.5))
        #expect(
            answer(.standard, 200, headers: ["RateLimit-Remaining": "0", "RateLimit-Reset": "9e99"])
                == .accepted(pause: 3_600))
        #expect(
            answer(.standard, 200, headers: ["RateLimit-Remaining": "3", "RateLimit-Reset": "9"]) == .accepted())
    }

    @Test(arguments: [
        ("invalid_payload\n", "answered 400: invalid_payload"),
        (#"{"ok":false,"description":"chat not found"}"#, "answered 400: chat not found"),
        (#"{"error":{"code":400,"message":"Invalid JSON"}}"#, "answered 400: Invalid JSON"),
        ("<html>a page</html>", "answered 400"),
        ("a\u{1B}[31m\u{7}red\u{202E}line", "answered 400: a[31mredline"),
        (String(repeating: "[", count: 20_000), "answered 400: " + String(repeating: "[", count: 159) + "…"),
    ])
    func theTargetsWordsBecomeTheReason(_ body: String, _ reason: String) {
        #expect(answer(.standard, 400, body) == .refused(reason: reason))
    }

    @Test func wordsThatRepeatASecretAreNotShown() {
        #expect(answer(.slack, 404, "no such hook: T0KEN-abcdefgh") == .refused(reason: "answered 404"))
        #expect(
            answer(.opsgenie(key: "0123-4567"), 422, #"{"message":"Key 0123-4567 is not valid"}"#)
                == .refused(reason: "answered 422"))
    }

    /// Servers repeat what they turn down: a word of it, all of it, or in another writing.
    @Test(arguments: [
        "invalid token s3cr3t/T0ken+", "s3cr3t/T0ken+ as in Bearer s3cr3t/T0ken+", "no such key: s3cr3t%2fT0ken%2B 50%",
        // It straddles the cut of the reason, or that of any beginning that is looked at.
        String(repeating: "a ", count: 75) + "s3cr3t/T0ken+", String(repeating: " ", count: 394) + "s3cr3t/T0ken+",
    ])
    func aSecretOfAHeaderIsNotShownHoweverItIsRepeated(_ words: String) throws {
        let headers = [
            "Bearer s3cr3t/T0ken+", "s3cr3t/T0ken+", "Token token=\"s3cr3t/T0ken+\"", "theme=dark; key=s3cr3t/T0ken+",
            "Basic " + Data("bot:s3cr3t/T0ken+".utf8).base64EncodedString(),
        ]
        let json = try JSONEncoder().encode(["error": ["message": words]])
        for header in headers {
            let webhook = Webhook(url: "https://hooks.example/", headers: [Header("Authorization", header)])
            for body in [Array(words.utf8), Array(json)] {
                let answer = webhook.answer(status: 401, header: { _ in nil }, body: body, retryAfter: nil)
                #expect(answer == .refused(reason: "answered 401"), "\(header)")
            }
        }
    }

    @Test(arguments: [
        (Format.zendesk(user: "bot@acme.example", token: "T0ken7"), "bot@acme.example/token:T0ken7"),
        (.freshdesk(requester: "a@b.nl", token: "T0ken7"), "T0ken7:X"),
    ])
    func aTokenIsNotShownInTheHeaderThatItBecomes(_ format: Format, _ pair: String) {
        for words in ["you said Basic \(Data(pair.utf8).base64EncodedString())", "\(pair) is nobody", "T0ken7?"] {
            #expect(answer(format, 401, words) == .refused(reason: "answered 401"))
        }
    }

    @Test func aSecretInTheAddressIsNotShown() {
        let webhook = Webhook(url: "https://T0ken7:pass%2Fw%C3%B6rd@hooks.example/in?key=k%2Fabcdefgh")
        for words in ["T0ken7?", "wrong: pass/wörd", "wrong: pass%2Fw%C3%B6rd", "no k/abcdefgh", "no k%2fabcdefgh"] {
            let answer = webhook.answer(status: 401, header: { _ in nil }, body: Array(words.utf8), retryAfter: nil)
            #expect(answer == .refused(reason: "answered 401"), "\(words)")
        }
    }

    @Test func whatIsNoSecretOfAHeaderIsShown() {
        let webhook = Webhook(
            url: "https://hooks.example/",
            headers: [Header("Authorization", "Bearer s3cr3t-T0ken"), Header("X-Version", "2")])
        let words = "2 Bearer tokens are known here; token 50%"
        let answer = webhook.answer(status: 401, header: { _ in nil }, body: Array(words.utf8), retryAfter: nil)
        #expect(answer == .refused(reason: "answered 401: \(words)"))
    }
}
