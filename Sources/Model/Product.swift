// What Earshot calls itself.

package enum Product {
    package static let version = "0.1.0"

    /// What a site's robots.txt calls it.
    package static let robotsName = "earshot"

    /// Name, version and where a site's owner finds out who is asking.
    package static func userAgent(contact: String?) -> String {
        "Earshot/\(version)" + (contact.map { " (+\($0))" } ?? "")
    }
}
