// What is asked of a server. A request is a value: it says everything, so that it can be made again.

package import Model

/// One HTTP request.
package struct Request: Sendable, Equatable {
    /// The http or https address; credentials in it are sent as basic authentication and shown nowhere.
    package var url: String
    package var method: String
    /// In the order they are sent. A name or value with a line break or a NUL is refused, not repaired.
    package var headers: [Header]
    /// Empty for none.
    package var body: [UInt8]
    package var limits: FetchLimits
    /// Whether loopback, private and other addresses that are not of the public internet may be connected to.
    package var allowsPrivateAddresses: Bool

    package init(
        url: String, method: String = "GET", headers: [Header] = [], body: [UInt8] = [],
        limits: FetchLimits = FetchLimits(), allowsPrivateAddresses: Bool = false
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.limits = limits
        self.allowsPrivateAddresses = allowsPrivateAddresses
    }
}

/// What one exchange may cost at most, whatever the server does.
package struct FetchLimits: Sendable, Hashable {
    /// What happens to a body that is larger than `bodyBytes`.
    package enum Overflow: Sendable {
        /// The exchange fails: half a feed is not a feed.
        case fails
        /// The first `bodyBytes` are kept and the rest is never read: enough of a receiver's answer. It is asked for
        /// without compression; a compressed answer that is larger is left out.
        case cuts
    }

    /// Time to look the name up, connect and agree on TLS.
    package var connect: Duration
    /// Time for everything, from the first packet to the last.
    package var total: Duration
    /// Time that the server may send fewer than `slowestRate` bytes a second.
    package var stall: Duration
    /// The most bytes of a body once it is decoded.
    package var bodyBytes: Int
    package var overflow: Overflow
    /// The most bytes of all headers and trailers together; 256 KiB is far above any honest server.
    package var headerBytes: Int

    /// Bytes a second below which `stall` counts.
    package static let slowestRate = 10
    /// The most header and trailer lines; libcurl's time per line grows with their number.
    package static let headerLines = 1_000

    package init(
        connect: Duration = .seconds(10), total: Duration = .seconds(60), stall: Duration = .seconds(20),
        bodyBytes: Int = 10 << 20, overflow: Overflow = .fails, headerBytes: Int = 256 << 10
    ) {
        self.connect = connect
        self.total = total
        self.stall = stall
        self.bodyBytes = bodyBytes
        self.overflow = overflow
        self.headerBytes = headerBytes
    }
}

extension Request {
    /// Whether it can be sent as it is.
    ///
    /// - Throws: `.badRequest` if it could not, or would become another than it says.
    func check() throws(FetchFailure) {
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw .badRequest("no such method")
        }
        for header in headers where !header.canBeSent {
            throw .badRequest("the header \(header.printableName) holds a line break")
        }
    }
}

extension Header {
    /// Whether nothing in it could end the line and start another (RFC 9110 §5.5).
    fileprivate var canBeSent: Bool {
        var (name, value) = (name, value)
        return !name.isEmpty && name.withUTF8 { $0.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") } }
            && value.withUTF8 { $0.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } }
    }

    fileprivate var printableName: String {
        String(name.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 }.prefix(40).map(Character.init))
    }
}
