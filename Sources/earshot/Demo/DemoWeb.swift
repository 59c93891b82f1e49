// The demo's web: three sites on three loopback addresses, each with one feed in a format of its own.

import FlyingFox
import Foundation

/// Three sites that publish while the demo runs.
final class DemoWeb: Sendable {
    /// A site that is up.
    struct Served {
        var name: String
        var url: String
    }

    private struct Site: Sendable {
        var name: String
        var path: String
        var type: String
        var posts: [DemoPost]
        var feed: @Sendable (DemoFeed) -> String
        /// Each site is a host of its own, as on the real web: a host is asked one thing at a time.
        var server: DemoServer
    }

    private let sites: [Site]
    private let started: Date

    init(started: Date) throws {
        self.started = started
        sites = [
            Site(
                name: "De Havenkrant", path: "/nieuws.xml", type: "application/rss+xml", posts: DemoPosts.news,
                feed: { $0.rss }, server: try DemoServer(host: "127.0.0.1")),
            Site(
                name: "Spaarforum", path: "/forum/feed", type: "application/atom+xml", posts: DemoPosts.forum,
                feed: { $0.atom }, server: try DemoServer(host: "127.0.0.2")),
            Site(
                name: "Oordeel", path: "/reviews.json", type: "application/feed+json", posts: DemoPosts.reviews,
                feed: { $0.json }, server: try DemoServer(host: "127.0.0.3")),
        ]
    }

    /// Brings the sites up; returns where their feeds are.
    func serve() async throws -> [Served] {
        var served: [Served] = []
        for site in sites {
            let base = try await site.server.start()
            let feed = DemoFeed(name: site.name, base: base, posts: site.posts, started: started)
            await site.server.answer(HTTPRoute("GET \(site.path)")) { request in
                Self.answer(request, site.feed(feed), type: site.type)
            }
            served.append(Served(name: site.name, url: base + site.path))
        }
        return served
    }

    func stop() async {
        for site in sites { await site.server.stop() }
    }

    /// The feed as it is now, or 304 when the client has it already.
    private static func answer(_ request: HTTPRequest, _ feed: String, type: String) -> HTTPResponse {
        let etag = "\"\(feed.utf8.count)\""
        guard request.headers[HTTPHeader("If-None-Match")] != etag else {
            return HTTPResponse(statusCode: .notModified)
        }
        let headers: HTTPHeaders = [.contentType: type, HTTPHeader("ETag"): etag]
        return HTTPResponse(statusCode: .ok, headers: headers, body: Data(feed.utf8))
    }
}
