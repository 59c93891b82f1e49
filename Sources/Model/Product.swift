// What Earshot calls itself.

package enum Product {
    package static let version = "0.1.0"

    /// Name, version and where a site's owner finds out who is asking.
    package static func userAgent(contact: String?) -> String {
        "Earshot/\(version)" + (contact.map { " (+\($0))" } ?? "")
    }
}
