// CPU per request of `CurlTransport` against a C program over the same libcurl, for the polls that are most polls. Both
// run in this process, in turns, against nginx on loopback; only this process is counted.
//
//     swift run -c release FetchBenchmark            all of it
//     swift run -c release FetchBenchmark 304        one scenario: 304, tls, gzip or others

import Glibc
import Measuring
import TestSupport

let wanted = CommandLine.arguments.dropFirst().first

/// - Returns: whether every limit was kept.
func run() async throws -> Bool {
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try folder.write("feed.xml", feed(items: 220))
    try folder.write("small.xml", feed(items: 4))
    guard system("gzip -k \(folder.path)/feed.xml") == 0 else { fatalError("gzip is missing") }

    let locations = """
        root \(folder.path);
        location /304 { return 304; }
        location /closing { keepalive_timeout 0; return 304; }
        location /gzip { default_type application/rss+xml; add_header Content-Encoding gzip; try_files /feed.xml.gz =404; }
        location /feed/ { default_type application/rss+xml; try_files /small.xml =404; }
        """

    return try await NginxServer.serving(locations) { server in
        let plain = "http://localhost:\(server.port)"
        let scenarios = [
            "304": Scenario(name: "304, keep-alive", url: "\(plain)/304", status: 304, count: 50_000, limit: 1.3),
            "tls": Scenario(
                name: "304, new verified TLS", url: "https://localhost:\(server.securePort)/closing",
                authorities: server.certificate, status: 304, count: 2_048, limit: 1.15),
            "gzip": Scenario(name: "35 kB of gzip", url: "\(plain)/gzip", status: 200, count: 10_000, limit: 0.6),
        ]
        var isKept = true
        for key in ["304", "tls", "gzip"] where wanted ?? key == key {
            if let scenario = scenarios[key], try await !scenario.run() { isKept = false }
        }
        if wanted ?? "others" == "others" {
            try OtherPrograms(base: "\(plain)/feed", count: 500, folder: folder).run()
        }
        return isKept
    }
}

// What `main` itself holds is never let go of, as the folder has to be: hence the function.
let isKept = try await run()
exit(isKept ? 0 : 1)
