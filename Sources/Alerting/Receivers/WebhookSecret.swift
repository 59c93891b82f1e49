// Signing as Standard Webhooks 1.0.0 has it (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`.

import Crypto
import Foundation

/// The key that a receiver and Earshot share.
package struct WebhookSecret: Sendable, Equatable {
    private let key: SymmetricKey

    /// - Parameter text: `whsec_` and the base64 of 24 to 64 bytes; white space around it is ignored.
    package init(_ text: String) throws(WebhookSecretError) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasPrefix("whsec_") else { throw .noPrefix }
        guard let bytes = Data(base64Encoded: String(text.dropFirst(6))) else { throw .notBase64 }
        guard (24...64).contains(bytes.count) else { throw .wrongLength(bytes.count) }
        key = SymmetricKey(data: bytes)
    }

    /// A fresh secret of 32 random bytes, as text.
    package static func random() -> String {
        let key = SymmetricKey(size: .bits256)
        return "whsec_" + key.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    /// The signature of a message, as it stands in `webhook-signature`: `v1,` and base64. The id names the message and
    /// stays the same at every attempt; the timestamp, in seconds since 1970, is the attempt's.
    package func signature(id: String, timestamp: Int, body: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: signed(id, timestamp, body), using: key)
        return "v1," + Data(code).base64EncodedString()
    }

    /// Whether one of the signatures in a `webhook-signature` header is ours; compared in constant time.
    package func verifies(signatures: String, id: String, timestamp: Int, body: [UInt8]) -> Bool {
        let message = signed(id, timestamp, body)
        return signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3))) else {
                return false
            }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
        }
    }

    private func signed(_ id: String, _ timestamp: Int, _ body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }
}

/// What is wrong with a secret. The secret itself is never part of it.
package enum WebhookSecretError: Error, Equatable, CustomStringConvertible {
    case noPrefix, notBase64
    case wrongLength(Int)

    package var description: String {
        switch self {
        case .noPrefix: "a webhook secret begins with whsec_"
        case .notBase64: "what follows whsec_ is not base64"
        case .wrongLength(let count): "a webhook secret holds 24 to 64 bytes, this one \(count)"
        }
    }
}
