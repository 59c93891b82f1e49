// Judges one redirect: where it leads and what may go along. A pure value.

import Model

/// A response that sends the client elsewhere.
struct Redirect {
    let status: Int
    private let location: String

    /// `nil` if `response` is no redirect, or one that `request` may not follow.
    init?(_ response: Response, to request: Request) {
        let keepsMethod = request.method == "GET" || request.method == "HEAD"
        switch response.status {
        case 301, 302, 303: guard keepsMethod else { return nil }
        case 307, 308: break
        default: return nil
        }
        guard let location = response.header("Location") else { return nil }
        status = response.status
        self.location = location
    }

    /// The request for the next hop, or why there is none.
    func followed(by request: Request) -> Result<Request, FetchFailure> {
        let (base, credentials) = Address.divided(request.url)
        guard let target = Address.resolved(location, against: base).map({ Address.divided($0).bare }) else {
            return .failure(.badRedirect("it does not lead to an http or https address"))
        }
        var next = request
        if Address.origin(target) == Address.origin(base) {
            next.url = Address.joined(target, credentials: credentials)
        } else {
            next.url = target
            next.headers = request.headers.filter(Self.isHarmless)
        }
        return .success(next)
    }

    /// Headers that say nothing about the user. All others stay with the origin they were meant for: a token may be in
    /// any header, and only the user knows which.
    private static func isHarmless(_ header: Header) -> Bool {
        harmless.contains { header.isNamed($0) }
    }

    private static let harmless = [
        "User-Agent", "Accept", "Accept-Language", "A-IM", "Content-Type", "If-None-Match", "If-Modified-Since",
    ]
}
