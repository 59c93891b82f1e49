// What the headers of a response say about the document in it.

internal import Markup
package import Model

/// The header fields that have a say in how a document reads.
package struct ResponseHeaders: Sendable {
    private let headers: [Header]

    package init(_ headers: [Header]) {
        self.headers = headers
    }

    private func value(_ name: String) -> String? {
        headers.last { $0.name.lowercased() == name }?.value
    }

    /// `charset` of the content type (RFC 9110, 8.3), with or without quotes and spaces.
    package var charset: String? {
        let parameters = value("content-type")?.split(separator: ";").dropFirst() ?? []
        for parameter in parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, String(parts[0]).trimmingASCIISpace().lowercased() == "charset" else { continue }
            return String(parts[1])
        }
        return nil
    }

    package var language: String? {
        value("content-language").flatMap { $0.split(separator: ",").first.map { String($0).trimmingASCIISpace() } }
    }

    /// Content-Location says where the document really lives (RFC 9110, 8.7), if it is a web address.
    package func base(address: String?) -> String? {
        guard let location = value("content-location") else { return address }
        let resolved = Reference.resolve(location, against: address)
        return Reference.isBase(resolved) ? resolved : address
    }
}
