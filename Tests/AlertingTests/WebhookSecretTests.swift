import Alerting
import Foundation
import Model
import Testing

/// The vectors are those of the Standard Webhooks reference libraries.
@Suite struct WebhookSecretTests {
    private static let text = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private static let timestamp = 1_614_265_330
    private static let body = Array(#"{"test": 2432232314}"#.utf8)
    private static let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    @Test func signsAsTheReferenceLibrariesDo() throws {
        let secret = try WebhookSecret(Self.text)
        #expect(secret.signature(id: Self.id, timestamp: Self.timestamp, body: Self.body) == Self.signature)
    }

    @Test func aMessageCarriesASignatureOfEachKey() throws {
        let secrets = [try WebhookSecret(WebhookSecret.random()), try WebhookSecret(Self.text)]
        let webhook = Webhook(url: "https://hooks.example/", secrets: secrets)
        let delivery = Delivery(id: Self.id, receiver: "webcare", body: Self.body, due: Date())
        let now = Date(timeIntervalSince1970: TimeInterval(Self.timestamp))
        let headers = try webhook.message(for: delivery, at: now).headers
        let signatures = headers.first { $0.name == "webhook-signature" }?.value ?? ""
        #expect(headers.contains(Header("webhook-id", Self.id)))
        #expect(headers.contains(Header("webhook-timestamp", "1614265330")))
        #expect(signatures.split(separator: " ").count == 2 && signatures.hasSuffix(" " + Self.signature))
        for secret in secrets {
            #expect(
                secret.verifies(signatures: signatures, id: Self.id, timestamp: Self.timestamp, body: Self.body))
        }
    }

    @Test func signsWithAnEd25519KeyAsTheReferenceLibrariesDo() throws {
        let secret = try WebhookSecret(
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==")
        let signature =
            "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
        #expect(secret.verifies(signatures: signature, id: Self.id, timestamp: Self.timestamp, body: Self.body))
        let ours = secret.signature(id: Self.id, timestamp: Self.timestamp, body: Self.body)
        #expect(secret.verifies(signatures: ours, id: Self.id, timestamp: Self.timestamp, body: Self.body))
        #expect(!secret.verifies(signatures: ours, id: Self.id, timestamp: 1, body: Self.body))
    }

    /// From GitHub's, Stripe's and Slack's documentation of their signatures.
    @Test(arguments: [
        (
            SignatureScheme.github, "It's a Secret to Everybody", 0, "Hello, World!",
            Header(
                "X-Hub-Signature-256",
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")
        ),
        (
            .stripe, "whsec_test_secret", 1_492_774_577, #"{"id":"evt_test_webhook","object":"event"}"#,
            Header(
                "Stripe-Signature",
                "t=1492774577,v1=88a022085c6bdb887b02cb26ff76dd681234d9675c0f22844059f55552a8883a")
        ),
        (
            .slack, "8f742231b10e8888abcd99yyyzzz85a5", 1_531_420_618,
            """
            token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
            channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
            response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F\
            96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c
            """,
            Header("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503")
        ),
    ])
    func signsAsOtherServicesDo(
        _ scheme: SignatureScheme, _ secret: String, _ timestamp: Int, _ body: String, _ header: Header
    ) throws {
        let webhook = Webhook(url: "https://hooks.example/", secrets: [WebhookSecret(text: secret)], scheme: scheme)
        let delivery = Delivery(id: "a_1", receiver: "webcare", body: Array(body.utf8), due: Date())
        let headers = try webhook.message(for: delivery, at: Date(timeIntervalSince1970: TimeInterval(timestamp)))
            .headers
        #expect(headers.contains(header))
    }

    private static let stranger = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="

    @Test(arguments: [
        (signature, true),
        ("v1,\(stranger) v2,\(stranger) \(signature)", true),
        ("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=", false),
        ("v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", false),
        ("", false),
    ])
    func verifiesOneGoodSignatureAmongSeveral(_ signatures: String, _ holds: Bool) throws {
        let secret = try WebhookSecret(Self.text)
        #expect(
            secret.verifies(signatures: signatures, id: Self.id, timestamp: Self.timestamp, body: Self.body) == holds)
    }

    @Test func anotherIdTimestampOrBodyBreaksTheSignature() throws {
        let secret = try WebhookSecret(Self.text)
        #expect(!secret.verifies(signatures: Self.signature, id: "msg_x", timestamp: Self.timestamp, body: Self.body))
        #expect(!secret.verifies(signatures: Self.signature, id: Self.id, timestamp: 1, body: Self.body))
        #expect(!secret.verifies(signatures: Self.signature, id: Self.id, timestamp: Self.timestamp, body: []))
    }

    @Test func aSecretIsReadAsAFileHoldsIt() throws {
        #expect(try WebhookSecret("  \(Self.text)\n") == WebhookSecret(Self.text))
        #expect(try WebhookSecret(WebhookSecret.random()) != WebhookSecret(WebhookSecret.random()))
    }

    @Test(arguments: [
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", WebhookSecretError.noPrefix),
        ("whsec_???", .notBase64),
        ("whsec_c2hvcnQ=", .wrongLength(5)),
    ])
    func aWrongSecretIsNamedWithoutBeingShown(_ text: String, _ error: WebhookSecretError) {
        #expect(throws: error) { try WebhookSecret(text) }
        #expect(!error.description.contains(text))
    }
}
