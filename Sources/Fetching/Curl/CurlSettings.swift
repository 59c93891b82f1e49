// What is set once for all transfers of a `CurlTransport`.

package import Dispatch

/// The settings of a `CurlTransport`.
package struct CurlSettings: Sendable {
    /// The most transfers at once; more requests wait in the order they came. One takes 27 kB, or 110 kB with TLS. It
    /// is this large for the sake of hosts that hang: each holds a place until its time is up, 10 to 60 s.
    package var transfersAtOnce: Int
    /// The most connections kept open for the next request; one holds 3 kB, or 94 kB with TLS.
    package var idleConnections: Int
    /// The most bytes of bodies on their way at once. If there are more, the largest body is given up.
    package var bodyBytes: Int
    /// The URL of an http or https proxy, with its port. Only the proxy sees the addresses then, so the address check
    /// is the proxy's as well.
    package var proxy: String?
    /// A PEM file of certificate authorities instead of the system's.
    package var authorities: String?
    package var names: NameSettings

    package init(
        transfersAtOnce: Int = 2_048, idleConnections: Int = 256, bodyBytes: Int = 256 << 20, proxy: String? = nil,
        authorities: String? = nil, names: NameSettings = NameSettings()
    ) {
        self.transfersAtOnce = transfersAtOnce
        self.idleConnections = idleConnections
        self.bodyBytes = bodyBytes
        self.proxy = proxy
        self.authorities = authorities
        self.names = names
    }
}

/// How names are looked up.
package struct NameSettings: Sendable {
    /// hosts(5) and resolv.conf(5); each is read again when it has changed.
    package var hosts: String
    package var resolver: String
    /// Where the name servers of `resolver` listen.
    package var port: UInt16
    /// The most questions under way at once; a few hundred are a burden for a home's name server already.
    package var questionsAtOnce: Int
    /// The most names whose addresses are kept, at about 200 bytes each.
    package var mostNames: Int
    /// For how long the two files are trusted while somebody waits for a name.
    package var trust: DispatchTimeInterval

    package init(
        hosts: String = "/etc/hosts", resolver: String = "/etc/resolv.conf", port: UInt16 = 53,
        questionsAtOnce: Int = 256, mostNames: Int = 65_536, trust: DispatchTimeInterval = .seconds(5)
    ) {
        self.hosts = hosts
        self.resolver = resolver
        self.port = port
        self.questionsAtOnce = questionsAtOnce
        self.mostNames = mostNames
        self.trust = trust
    }
}
