// What is set once for all transfers of a `CurlTransport`.

/// The settings of a `CurlTransport`.
package struct CurlSettings: Sendable {
    /// The most transfers at once; more requests wait in the order they came. One takes 27 kB, or 110 kB with TLS.
    package var transfersAtOnce: Int
    /// The most connections kept open for the next request; one holds 3 kB, or 94 kB with TLS.
    package var idleConnections: Int
    /// A proxy's URL. Only the proxy sees the addresses then, so the address check is the proxy's as well.
    package var proxy: String?
    /// A PEM file of certificate authorities instead of the system's.
    package var authorities: String?

    package init(
        transfersAtOnce: Int = 512, idleConnections: Int = 256, proxy: String? = nil, authorities: String? = nil
    ) {
        self.transfersAtOnce = transfersAtOnce
        self.idleConnections = idleConnections
        self.proxy = proxy
        self.authorities = authorities
    }
}
