// What single big sites are known to want, beyond what all want.

package import Fetching

package enum Manners {
    /// From the end of one request to a site to the start of the next, in seconds, where that is known to be longer
    /// than usual: reddit answers one feed a minute for the whole domain, and 429 or 403 beyond.
    package static func pause(of site: Site) -> Second? {
        site.name == "reddit.com" ? 60 : nil
    }

    /// Whether a status means "too often" there.
    package static func isThrottle(_ status: Int, at site: Site) -> Bool {
        status == 429 || status == 403 && site.name == "reddit.com"
    }
}
