// One spelling of an address for all the ways in which the same page is linked: the surest sign that two entries are
// one story. Text only; nothing is fetched.

/// Addresses made comparable.
package enum CanonicalURL {
    /// The address without what does not choose the page, or `nil` for what is no http address.
    ///
    /// Scheme, `www.` and `m.` before the host, port 80 and 443, fragment, trailing slash and `index.html` are dropped;
    /// the host is lower case; parameters that only say where a reader came from (`utm_…`, `fbclid`, seen in the wild)
    /// are dropped and the others sorted.
    package static func of(_ url: String) -> String? {
        let text = url.trimmed
        guard let scheme = text.firstRange(of: "://") else { return nil }
        guard ["http", "https"].contains(text[..<scheme.lowerBound].lowercased()) else { return nil }
        let rest = text[scheme.upperBound...].prefix { $0 != "#" }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first else { return nil }
        let host = host(address.prefix { $0 != "/" })
        guard !host.isEmpty else { return nil }
        let query = parts.count > 1 ? query(parts[1]) : ""
        return host + path(address.drop { $0 != "/" }) + (query.isEmpty ? "" : "?" + query)
    }

    private static func host(_ authority: Substring) -> String {
        var host = Document.host(of: "//" + authority)
        for prefix in ["www.", "m.", "amp."] where host.hasPrefix(prefix) && host.dropFirst(prefix.count).contains(".")
        {
            host.removeFirst(prefix.count)
            break
        }
        let port = authority.split(separator: ":").last ?? ""
        return port.allSatisfy(\.isNumber) && !port.isEmpty && port != "80" && port != "443" ? "\(host):\(port)" : host
    }

    private static func path(_ path: Substring) -> String {
        var path = path
        for ending in ["/index.html", "/index.php", "/amp/", "/amp"] where path.hasSuffix(ending) {
            path.removeLast(ending.count)
        }
        while path.last == "/" { path.removeLast() }
        return String(path)
    }

    private static func query(_ query: Substring) -> String {
        query.split(separator: "&").filter { !isTracking($0.prefix { $0 != "=" }.lowercased()) }.sorted()
            .joined(separator: "&")
    }

    private static func isTracking(_ name: String) -> Bool {
        name.hasPrefix("utm_") || tracking.contains(name)
    }

    private static let tracking: Set<String> = [
        "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ref", "ref_src", "cmpid", "ns_campaign",
        "ns_mchannel", "ns_source", "ito", "smid", "partner", "source", "feature", "_ga", "yclid", "twclid", "wt_mc",
        "xtor",
    ]
}
