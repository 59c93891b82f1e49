// CPU of a whole poll of an unchanged feed, from due to committed, against the bare request that it makes: a daemon
// with a real store polls feeds of many hosts over new verified TLS connections, and in turns with it the same
// transport asks for the same documents. Only this process is counted; nginx answers.
//
//     swift run -c release PollBenchmark

import Glibc
import Measuring
import TestSupport

/// - Returns: whether every limit was kept.
func run() async throws -> Bool {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try folder.write("feed.xml", feed(items: 220))
    let locations = """
        root \(folder.path);
        default_type application/rss+xml;
        keepalive_timeout 0;
        location /conditional { try_files /feed.xml =404; }
        location /whole { etag off; if_modified_since off; add_header Last-Modified ""; try_files /feed.xml =404; }
        """
    return try await NginxServer.serving(locations, names: "DNS:*.bench.localhost") { server in
        let scenarios = [
            Scenario(name: "304", path: "/conditional", status: 304, server: server),
            Scenario(name: "200 with the same 90 kB", path: "/whole", status: 200, server: server),
        ]
        var isKept = true
        for scenario in scenarios where try await !scenario.run() { isKept = false }
        return isKept
    }
}

// What `main` itself holds is never let go of, as the folder has to be: hence the function.
let isKept = try await run()
exit(isKept ? 0 : 1)
