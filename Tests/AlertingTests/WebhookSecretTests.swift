import Alerting
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
        let headers = try WebhookSecret(Self.text).headers(id: Self.id, timestamp: Self.timestamp, body: Self.body)
        #expect(
            headers == [
                Header("webhook-id", Self.id), Header("webhook-timestamp", "1614265330"),
                Header("webhook-signature", Self.signature),
            ])
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
