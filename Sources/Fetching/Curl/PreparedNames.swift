// What stands in libcurl's own cache of names: put there by us, for as long as we know it to be right, and taken out by
// us. A value without I/O. What is not in there libcurl may not look up (see `curlLooksUp`), so that it never connects
// by an answer that is stale or was never judged.

import DequeModule
import Dispatch

/// The names that libcurl knows.
struct PreparedNames {
    private struct Entry {
        let answer: UInt64
        let isPublicOnly: Bool
        let expiry: DispatchTime
    }

    /// By endpoint, `example.com:443`.
    private var entries: [String: Entry] = [:]
    /// In the order in which they were put in.
    private var order: Deque<String> = []
    /// libcurl looks through all of them now and then.
    private let most: Int

    init(most: Int = 1_024) {
        self.most = most
    }

    /// Whether libcurl knows `endpoint`, and what it knows still holds.
    func holds(_ endpoint: String, publicOnly: Bool, at now: DispatchTime) -> Bool {
        guard let entry = entries[endpoint] else { return false }
        return now < entry.expiry && (entry.isPublicOnly || !publicOnly)
    }

    /// What libcurl is to be told (CURLOPT_RESOLVE) so that it knows `endpoint` by `answer`: the line that does it, and
    /// before it one that makes room.
    mutating func lines(for endpoint: String, _ answer: NameAnswer, _ addresses: [IPAddress]) -> [String] {
        let isPublicOnly = addresses.count == answer.publicAddresses.count
        var lines: [String] = []
        if entries.updateValue(
            Entry(answer: answer.id, isPublicOnly: isPublicOnly, expiry: answer.expiry), forKey: endpoint) == nil
        {
            order.append(endpoint)
            if order.count > most, let oldest = order.popFirst() {
                entries[oldest] = nil
                lines.append("-\(oldest)")
            }
        }
        lines.append("\(endpoint):\(addresses.map(\.bracketed).joined(separator: ","))")
        return lines
    }

    /// libcurl did not find it there after all.
    mutating func forget(_ endpoint: String) {
        guard entries.removeValue(forKey: endpoint) != nil else { return }
        order.removeAll { $0 == endpoint }
    }
}

extension IPAddress {
    fileprivate var bracketed: String {
        if case .v6 = self { "[\(self)]" } else { description }
    }
}
