// Whose lanes there are: sites, single hosts of them, and IP addresses.

import Fetching
import Model

extension HostBudget {
    /// The lane of a site, with the pause that it is known to want.
    mutating func lane(of site: Site) -> Lane {
        let lane = lane(site.name)
        if let pause = Manners.pause(of: site) { slow(lane, pause: pause) }
        return lane
    }

    /// The lane in which holds what the host of an address wants for itself.
    mutating func hostLane(of address: String) -> Lane {
        lane(Self.hostName(of: address))
    }

    /// The same, if there is one.
    func knownHostLane(of address: String) -> Lane? {
        known(Self.hostName(of: address))
    }

    private static func hostName(of address: String) -> String {
        "host " + (PlainAddress(address).map { String($0.host) } ?? Address.host(address) ?? address)
    }

    /// The lane of an IP address.
    mutating func lane(ofPeer peer: String) -> Lane {
        lane("address " + peer)
    }
}
