// The transport against nginx: TLS and certificates, gzip as a real server makes it.

import Fetching
import Model
import TestSupport
import Testing

@Suite struct NginxTests {
    private static let locations = """
        etag on; gzip on; gzip_min_length 1; gzip_types text/plain;
        location /protocol { return 200 "$server_protocol $connection $connection_requests"; }
        location /connections { return 200 "$connection"; }
        location /not-modified { return 304; }
        """

    private func text(_ outcome: FetchOutcome) -> String? {
        outcome.response.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test func aTrustedServerIsFetched() async throws {
        try await NginxServer.serving(Self.locations) { server in
            let transport = makeTransport(CurlSettings(authorities: server.certificate))
            for host in ["localhost", "127.0.0.1"] {
                let outcome = await transport.send(local("https://\(host):\(server.securePort)/protocol"))
                #expect(text(outcome)?.hasPrefix("HTTP/1.1 ") == true)
            }
        }
    }

    @Test func manyRequestsShareOneSecureConnection() async throws {
        try await NginxServer.serving(Self.locations) { server in
            let transport = makeTransport(CurlSettings(authorities: server.certificate))
            var connections: Set<String> = []
            for _ in 0..<10 {
                let outcome = await transport.send(local("https://localhost:\(server.securePort)/connections"))
                connections.insert(try #require(text(outcome)))
            }
            #expect(connections.count == 1)
        }
    }

    @Test func anUnknownAuthorityIsRefused() async throws {
        try await NginxServer.serving(Self.locations) { server in
            let failure = await makeTransport().send(local("https://localhost:\(server.securePort)/")).failure
            #expect(failure == .tls("SSL certificate problem: self-signed certificate"))
        }
    }

    @Test func aCertificateForAnotherNameIsRefused() async throws {
        try await NginxServer.serving(Self.locations, names: "DNS:other.example") { server in
            let transport = makeTransport(CurlSettings(authorities: server.certificate))
            guard case .tls(let reason) = await transport.send(local("https://localhost:\(server.securePort)/")).failure
            else {
                Issue.record("it was trusted")
                return
            }
            #expect(reason.contains("localhost"))
        }
    }

    @Test func plainHTTPOnASecurePortAndTheOtherWayRoundFail() async throws {
        try await NginxServer.serving(Self.locations) { server in
            let transport = makeTransport(CurlSettings(authorities: server.certificate))
            #expect(await transport.send(local("http://127.0.0.1:\(server.securePort)/")).response?.status == 400)
            guard case .tls = await transport.send(local("https://127.0.0.1:\(server.port)/")).failure else {
                Issue.record("it was taken for secure")
                return
            }
        }
    }

    @Test func compressedAnswersAreDecodedAndUnchangedOnesAreEmpty() async throws {
        try await NginxServer.serving(Self.locations) { server in
            let transport = makeTransport()
            let answer = try #require(await transport.send(local("http://127.0.0.1:\(server.port)/protocol")).response)
            #expect(answer.header("Content-Encoding") == "gzip")
            #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix("HTTP/1.1 "))
            let unchanged = await transport.send(local("http://127.0.0.1:\(server.port)/not-modified"))
            #expect(unchanged.response?.status == 304)
            #expect(unchanged.response?.body.isEmpty == true)
        }
    }

    @Test func aThousandSecureRequestsAtOnceAreAllAnswered() async throws {
        try await NginxServer.serving(Self.locations) { server in
            let transport = makeTransport(CurlSettings(authorities: server.certificate))
            let url = "https://localhost:\(server.securePort)/protocol"
            let answered = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<1_000 { group.addTask { await transport.send(local(url)).response?.status == 200 } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answered == 1_000)
        }
    }
}
