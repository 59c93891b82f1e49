// What a server answered. Everything here came from a stranger.

package import Model

/// One HTTP response, its body decoded and whole unless it says otherwise.
package struct Response: Sendable, Equatable {
    package var status: Int
    /// In the order they came; trailers are left out.
    package var lines: HeaderLines
    package var body: [UInt8]
    /// The address that was asked, without credentials.
    package var address: String
    /// Whether the server had more to say than `FetchLimits.bodyBytes` (only with `.cuts`).
    package var bodyWasCut: Bool
    /// What answered; `nil` where a proxy or a script did.
    private var remote: IPAddress?

    package init(
        status: Int, headers: [Header] = [], body: [UInt8] = [], address: String = "", bodyWasCut: Bool = false,
        peer: String? = nil
    ) {
        self.init(
            status: status, lines: HeaderLines(headers), body: body, address: address, bodyWasCut: bodyWasCut,
            remote: peer.flatMap { IPAddress($0) })
    }

    init(status: Int, lines: HeaderLines, body: [UInt8], address: String, bodyWasCut: Bool, remote: IPAddress?) {
        self.status = status
        self.lines = lines
        self.body = body
        self.address = address
        self.bodyWasCut = bodyWasCut
        self.remote = remote
    }

    /// The IP address that answered, without a port; `nil` where a proxy or a script did.
    package var peer: String? {
        get { remote?.description }
        set { remote = newValue.flatMap { IPAddress($0) } }
    }

    /// The same if it is one of the public internet.
    package var publicPeer: String? {
        AddressPolicy.refusal(remote) == nil ? peer : nil
    }

    /// All headers as text; `header` is cheaper for one of them.
    package var headers: [Header] {
        get { lines.all }
        set { lines = HeaderLines(newValue) }
    }

    /// The value of the first header called `name`, in whatever case.
    package func header(_ name: String) -> String? {
        lines.first(name)
    }
}
