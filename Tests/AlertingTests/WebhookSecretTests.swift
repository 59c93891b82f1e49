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
