// What the local interface answers: one value for each method and path. A command of the CLI that needs the running
// daemon gets a route here, in a file named after its subject, and one line in `ControlRoute.all`.

package import FoundationEssentials
import Model

/// One thing that can be asked of a running daemon.
package struct ControlRoute: Sendable {
    package typealias Handler = @Sendable (ControlRequest) async throws -> ControlAnswer

    /// `GET` for a look, `POST` for a change.
    package let method: String
    /// `/status`: one name, without parameters; those are the query's.
    package let path: String
    let handler: Handler

    package init(_ method: String, _ path: String, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }
}

/// A request as a route sees it.
package struct ControlRequest: Sendable {
    /// The query's parameters, decoded; of a repeated one the first.
    package var query: [String: String]
    /// At most `ControlServer.bodyLimit` bytes.
    package var body: Data

    package init(query: [String: String] = [:], body: Data = Data()) {
        self.query = query
        self.body = body
    }

    /// The body as JSON.
    ///
    /// - Throws: a `ControlError` (400) that says where it is wrong.
    package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder.earshot.decode(type, from: body)
        } catch {
            throw ControlError(status: 400, "the body is not what was expected: \(error)")
        }
    }
}

/// What a route answers: always JSON.
package struct ControlAnswer: Sendable {
    package var status: Int
    package var body: Data

    /// - Parameter value: written as the journal writes it: ISO 8601 dates, keys in order.
    package static func json(_ value: some Encodable, status: Int = 200) throws -> ControlAnswer {
        ControlAnswer(status: status, body: try JSONEncoder.earshot.encode(value))
    }
}

/// Why the daemon did not do what was asked, in a line for a person.
package struct ControlError: Error, Sendable, CustomStringConvertible {
    /// The HTTP status that says it.
    package var status: Int
    package var description: String

    package init(status: Int, _ description: String) {
        self.status = status
        self.description = description
    }

    /// How it travels.
    struct Message: Codable {
        var error: String
    }
}
