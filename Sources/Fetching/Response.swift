// What a server answered. Everything here came from a stranger.

package import Model

/// One HTTP response, its body decoded and whole unless it says otherwise.
package struct Response: Sendable, Equatable {
    package var status: Int
    /// In the order they came; trailers are left out. Bytes that are not UTF-8 are replaced.
    package var headers: [Header]
    package var body: [UInt8]
    /// The address that was asked, without credentials.
    package var address: String
    /// Whether the server had more to say than `FetchLimits.bodyBytes` (only with `.cuts`).
    package var bodyWasCut: Bool

    package init(
        status: Int, headers: [Header] = [], body: [UInt8] = [], address: String = "", bodyWasCut: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.address = address
        self.bodyWasCut = bodyWasCut
    }

    /// The value of the first header called `name`, in whatever case.
    package func header(_ name: String) -> String? {
        headers.first { $0.isNamed(name) }?.value
    }
}

extension Header {
    /// Whether this is the header `name`: names are ASCII and know no case (RFC 9110 §5.1).
    package func isNamed(_ name: String) -> Bool {
        self.name.utf8.count == name.utf8.count
            && zip(self.name.utf8, name.utf8).allSatisfy { $0 == $1 || lowered($0) == lowered($1) }
    }

    private func lowered(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
