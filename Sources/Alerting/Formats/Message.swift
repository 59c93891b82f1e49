// What a format makes of an alert, before limits and a transport come to it.

package import Model

/// One HTTP request that carries an alert.
package struct Message: Sendable, Equatable {
    package var url: String
    package var method: String
    /// What the format needs; the webhook's own headers and the signature come to them.
    package var headers: [Header]
    package var body: [UInt8]

    init(url: String, method: String = "POST", headers: [Header] = [], body: [UInt8]) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
    }

    /// A JSON message.
    init(url: String, method: String = "POST", headers: [Header] = [], json: JSON) throws {
        self.init(
            url: url, method: method, headers: [Header("Content-Type", "application/json")] + headers,
            body: try json.encoded())
    }
}
