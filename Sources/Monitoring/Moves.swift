// Permanent redirects: believed late, kept to carefully, and taken back when they lead nowhere. A source keeps its
// identity, and with it what was seen, wherever it lives.

import Fetching
import FoundationEssentials
package import Model

extension SourceState {
    /// A move is adopted once it was seen this often, over at least so many seconds: redirects that called themselves
    /// permanent have been an afternoon's mistake.
    private static let proof = (times: 5, seconds: 3 * 86_400.0)
    /// Failed polls in a row at the new address after which the old one is asked again.
    private static let patience = 3

    /// The address that a source is asked at.
    package func address(of source: Source) -> String {
        address ?? source.url
    }

    /// Notes where a good poll came from. A move counts while every redirect on the way is permanent; the answer was a
    /// document that could be read, or "unchanged".
    mutating func follow(_ fetched: Fetched, of source: Source, at now: Date) {
        guard let target = fetched.movedPermanently, !source.showsSecrets else {
            move = nil
            return
        }
        let bare = Address.divided(target).bare
        guard var move, move.address == bare else {
            move = Move(address: bare, since: now, times: 1)
            return
        }
        move.times += 1
        let isProven = move.times >= Self.proof.times && now.timeIntervalSince(move.since) >= Self.proof.seconds
        self.move = isProven ? nil : move
        if isProven { address = bare }
    }

    /// Goes back to the configured address when the adopted one keeps failing.
    mutating func doubtAddress() {
        if failures >= Self.patience { address = nil }
    }
}

extension Source {
    /// Whether its requests carry what only the server that the user named should see, a password or a header: then it
    /// stays where it is.
    fileprivate var showsSecrets: Bool {
        !headers.isEmpty || Address.divided(url).credentials != nil
    }
}
