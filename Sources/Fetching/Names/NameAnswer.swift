// What a name led to: every address, which of them are public, and until when it holds. A value.

import Dispatch

/// The addresses of a name.
struct NameAnswer: Sendable {
    /// Tells answers apart: a later one for the same name has another id.
    let id: UInt64
    /// At most 16, in the order in which they should be tried.
    let addresses: [IPAddress]
    let expiry: DispatchTime
    /// The public ones among them, and why there are none.
    let publicAddresses: [IPAddress]
    let refusal: String?

    /// The most addresses kept of an answer; a name server may send thousands.
    static let most = 16
    /// How long an answer may be kept, whatever the name server says: a TTL of 0 is good for the few requests of one
    /// poll, and one of a week must not outlive a move.
    private static let keeping = 10...3_600

    /// - Parameter ttl: how long the name server lets it be kept, in seconds.
    init(id: UInt64, addresses: some Sequence<IPAddress>, ttl: Int, at now: DispatchTime) {
        self.id = id
        self.addresses = Array(addresses.prefix(Self.most))
        expiry = now + .seconds(min(max(ttl, Self.keeping.lowerBound), Self.keeping.upperBound))
        let refusals = self.addresses.map { AddressPolicy.refusal($0) }
        publicAddresses = zip(self.addresses, refusals).filter { $1 == nil }.map { $0.0 }
        refusal = publicAddresses.isEmpty ? refusals.first ?? nil : nil
    }

    /// The addresses that a request may be sent to, or why there are none.
    func addresses(allowingPrivate: Bool) -> Result<[IPAddress], FetchFailure> {
        if allowingPrivate { return .success(addresses) }
        return refusal.map { .failure(.privateAddress($0)) } ?? .success(publicAddresses)
    }
}
