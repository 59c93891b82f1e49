// Keys that messages are signed with. Standard Webhooks 1.0.0 (standardwebhooks.com) writes them `whsec_…`, for
// HMAC-SHA256, and `whsk_…`, for Ed25519; other schemes take any text.

import Crypto
import Foundation

/// A key that Earshot signs with.
package struct WebhookSecret: Sendable, Equatable {
    private let key: Key

    private enum Key: Sendable {
        /// What the receiver has too.
        case shared(SymmetricKey)
        /// What the receiver has only the public half of.
        case own(Curve25519.Signing.PrivateKey)

        var bytes: Data {
            switch self {
            case .shared(let key): key.withUnsafeBytes { Data($0) }
            case .own(let key): key.rawRepresentation
            }
        }
    }

    package static func == (left: WebhookSecret, right: WebhookSecret) -> Bool {
        left.key.bytes == right.key.bytes
    }

    /// - Parameter text: `whsec_` and the base64 of 24 to 64 bytes, or `whsk_` and that of an Ed25519 key (its 32
    ///   bytes, or those and the public key's); white space around it is ignored.
    package init(_ text: String) throws(WebhookSecretError) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let isOwn = text.hasPrefix("whsk_")
        guard isOwn || text.hasPrefix("whsec_") else { throw .noPrefix }
        guard let bytes = Data(base64Encoded: String(text.drop { $0 != "_" }.dropFirst())) else { throw .notBase64 }
        if isOwn {
            guard [32, 64].contains(bytes.count),
                let own = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes.prefix(32))
            else { throw .wrongKeyLength(bytes.count) }
            key = .own(own)
        } else {
            guard (24...64).contains(bytes.count) else { throw .wrongLength(bytes.count) }
            key = .shared(SymmetricKey(data: bytes))
        }
    }

    /// The text itself as a key, for the schemes of others.
    package init(text: String) {
        key = .shared(SymmetricKey(data: Data(text.utf8)))
    }

    /// A fresh secret of 32 random bytes, as text.
    package static func random() -> String {
        let key = SymmetricKey(size: .bits256)
        return "whsec_" + key.withUnsafeBytes { Data($0).base64EncodedString() }
    }

    /// The signature of a message, as it stands in `webhook-signature`: its version and base64. The id names the
    /// message and stays the same at every attempt; the timestamp, in seconds since 1970, is the attempt's.
    package func signature(id: String, timestamp: Int, body: [UInt8]) -> String {
        let message = signed(id, timestamp, body)
        switch key {
        case .shared(let key):
            return "v1," + Data(HMAC<SHA256>.authenticationCode(for: message, using: key)).base64EncodedString()
        case .own(let key):
            // It fails for no message; an empty signature would only be refused.
            return "v1a," + ((try? key.signature(for: message)) ?? Data()).base64EncodedString()
        }
    }

    /// HMAC-SHA256 in hex.
    func code(of message: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key.bytes))
        return code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// Whether one of the signatures in a `webhook-signature` header is ours; compared in constant time.
    package func verifies(signatures: String, id: String, timestamp: Int, body: [UInt8]) -> Bool {
        let message = signed(id, timestamp, body)
        return signatures.split(separator: " ").contains { signature in
            let parts = signature.split(separator: ",", maxSplits: 1)
            guard parts.count == 2, let code = Data(base64Encoded: String(parts[1])) else { return false }
            switch key {
            case .shared(let key):
                return parts[0] == "v1"
                    && HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
            case .own(let key): return parts[0] == "v1a" && key.publicKey.isValidSignature(code, for: message)
            }
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
    case wrongKeyLength(Int)

    package var description: String {
        switch self {
        case .noPrefix: "a webhook secret begins with whsec_ or whsk_"
        case .notBase64: "what follows whsec_ or whsk_ is not base64"
        case .wrongLength(let count): "a webhook secret holds 24 to 64 bytes, this one \(count)"
        case .wrongKeyLength(let count): "an Ed25519 key holds 32 or 64 bytes, this one \(count)"
        }
    }
}
