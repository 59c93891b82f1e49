// Why an exchange brought no response. A network failure is data: it is stored, counted and shown to the user, so every
// case reads as a line of plain English, and none ever holds a credential or more than a line of a stranger's text.

/// The reason that a fetch failed.
package enum FetchFailure: Error, Sendable, Hashable {
    /// How far an exchange had come when its time was up.
    package enum Phase: String, Sendable, Codable {
        case resolving, connecting, waiting, reading
    }

    case badAddress
    /// The request itself cannot be sent; the text says why.
    case badRequest(String)
    case nameNotFound
    /// The name could not be looked up, which says nothing about the host; the text says why.
    case nameServer(String)
    case connectionFailed
    /// The server closed the connection before or inside its answer.
    case connectionReset
    case tls(String)
    case timedOut(Phase)
    /// The name led to an address that may not be connected to; the text is the address and its kind.
    case privateAddress(String)
    case bodyTooLarge(limit: Int)
    case headersTooLarge
    /// The body is shorter than was announced, so it may not be taken for the whole.
    case bodyIncomplete
    case badEncoding
    /// So many large bodies were on their way at once that the largest had to go.
    case outOfRoom
    case tooManyRedirects
    case badRedirect(String)
    case badResponse(String)
    case cancelled
    /// Our side ran out of something (descriptors, memory) or met what it did not expect.
    case unexpected(String)
}

extension FetchFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badAddress: "the address is not an http or https URL"
        case .badRequest(let reason): "the request cannot be sent: \(reason)"
        case .nameNotFound: "the host's name was not found"
        case .nameServer(let reason): "the host's name could not be looked up; of the name server: \(reason)"
        case .connectionFailed: "the connection was refused or the host cannot be reached"
        case .connectionReset: "the server closed the connection without a whole answer"
        case .tls(let reason): "no secure connection: \(reason)"
        case .timedOut(let phase): phase.description
        case .privateAddress(let address): "\(address) may not be connected to: it is not a public address"
        case .bodyTooLarge(let limit): "the body is larger than \(limit) bytes"
        case .headersTooLarge: "the headers are too large"
        case .bodyIncomplete: "the body ended before its announced length"
        case .badEncoding: "the body's compression is broken or unknown"
        case .outOfRoom: "too many large bodies were on their way at once, and this one was the largest"
        case .tooManyRedirects: "too many redirects"
        case .badRedirect(let reason): "a redirect cannot be followed: \(reason)"
        case .badResponse(let reason): "the answer is not valid HTTP: \(reason)"
        case .cancelled: "cancelled"
        case .unexpected(let reason): "unexpected: \(reason)"
        }
    }
}

extension FetchFailure.Phase: CustomStringConvertible {
    package var description: String {
        switch self {
        case .resolving: "looking the host's name up took too long"
        case .connecting: "connecting took too long"
        case .waiting: "the server did not answer in time"
        case .reading: "the answer came too slowly"
        }
    }
}
