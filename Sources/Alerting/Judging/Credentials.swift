// What a webhook sends that nobody else may read. Some servers repeat a request in their errors, as a whole or word by
// word, and errors go to the log, the journal and whoever asks what is parked.

import FoundationEssentials
import Model

extension Webhook {
    /// Whether a text holds a secret of this webhook's, as it is or percent-encoded.
    ///
    /// - Parameter text: uncut, since what is left of a secret behind a cut would not be known for one.
    func holdsSecret(_ text: String) -> Bool {
        let texts = [text, PercentEncoding.decode(text)]
        return hidden.contains { secret in texts.contains { $0.contains(secret) } }
    }

    /// What is long enough to be a secret: the words of an address have to be longer for that than those of a
    /// credential, since most are names.
    private var hidden: [String] {
        let address = Address.parse(url)
        let parts = url.split { "/?&=#@:".contains($0) }.dropFirst(2).map(String.init)
        let credentials =
            headers.flatMap(\.credentials) + format.credentials
            + [address?.user(), address?.password()].compactMap { $0 }
        return (parts + parts.map(PercentEncoding.decode)).filter { $0.utf8.count >= 8 }
            + credentials.flatMap(\.words).filter { $0.utf8.count >= 6 }
    }
}

extension Format {
    /// Keys and tokens, and the headers that are made of them.
    fileprivate var credentials: [String] {
        switch self {
        case .standard, .cloudEvents, .alertmanager, .slack, .discord, .teams, .mattermost, .googleChat, .template: []
        case .ntfy(let token): token.map { [$0] } ?? []
        case .gotify(let token), .matrix(_, let token), .telegram(_, let token): [token]
        case .zendesk(let user, let token): [token] + Zendesk.authorization(user, token).credentials
        case .freshdesk(_, let token): [token] + Freshdesk.authorization(token).credentials
        case .pagerDuty(let key), .opsgenie(let key): [key]
        }
    }
}

extension Header {
    /// Its value without the scheme that may stand before it (RFC 9110 §11.4), such as `Bearer`; and, of Basic, user
    /// and password (RFC 7617).
    fileprivate var credentials: [String] {
        let words = value.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].allSatisfy({ $0.isLetter || $0 == "-" }) else { return [value] }
        let rest = String(words[1])
        let pair = Data(base64Encoded: rest).flatMap { String(validating: $0, as: UTF8.self) }
        return [rest] + [pair].compactMap { $0 }
    }
}

extension String {
    /// What a server may repeat of a credential: all of it or a word, and of `name=value` the latter.
    fileprivate var words: [String] {
        let words = split { " ,;:&\"'".contains($0) }
        let values = words.flatMap { word in
            word.indices.filter { word[$0] == "=" }.map { word[word.index(after: $0)...] }
        }
        return [self] + (words + values).map(String.init)
    }
}
