// How hosts' names are looked up: by real packets to name servers on loopback, which answer what each test says.

import Dispatch
import Model
import TestSupport
import Testing

@testable import Fetching

@Suite struct NameTests {
    /// A transport that asks the name servers of a resolv.conf of its own.
    private func transport(
        _ folder: TemporaryFolder, port: UInt16, hosts: String = "", resolver: String = "nameserver 127.0.0.1",
        questionsAtOnce: Int = 256
    ) throws -> CurlTransport {
        let names = NameSettings(
            hosts: try folder.write("hosts", hosts), resolver: try folder.write("resolv.conf", resolver), port: port,
            questionsAtOnce: questionsAtOnce)
        return makeTransport(CurlSettings(names: names))
    }

    private func fetch(
        _ transport: CurlTransport, _ name: String, _ server: ScriptedBytesServer, limits: FetchLimits = FetchLimits()
    ) async -> FetchOutcome {
        await transport.send(local("http://\(name):\(server.port)/", limits: limits))
    }

    private static let empty: ScriptedBytesServer.Script = { connection in
        while connection.readRequest() != nil { connection.send("HTTP/1.1 204 No Content\r\n\r\n") }
    }

    @Test func aNameIsAskedForOnceAndItsAddressConnectedTo() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { name, family in
                family == .v4 ? .addresses(["127.0.0.1"]) : .addresses([])
            } _: { names in
                let transport = try transport(folder, port: names.port)
                for name in ["feeds.example", "FEEDS.example", "feeds.example."] {
                    #expect(await fetch(transport, name, server).response?.status == 204)
                }
                #expect(names.names == ["feeds.example"])
            }
        }
    }

    @Test func manyRequestsForOneNameAreOneQuestion() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { _, family in
                family == .v4 ? .addresses(["127.0.0.1"]) : .noSuchName
            } _: { names in
                let transport = try transport(folder, port: names.port)
                let url = "http://feeds.example:\(server.port)/"
                let answered = await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<50 { group.addTask { await transport.send(local(url)).response?.status == 204 } }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(answered == 50)
                #expect(names.names == ["feeds.example"])
            }
        }
    }

    /// Two questions are allowed and under way; meanwhile a third name is given up, and then wanted again.
    @Test func aNameThatWasGivenUpWhileItWaitedIsAskedForOnce() async throws {
        let folder = try TemporaryFolder()
        let isReady = Shared(false)
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { name, family in
                guard isReady.withLock({ $0 }) else { return .silence }
                return family == .v4 ? .addresses(["127.0.0.1"]) : .addresses([])
            } _: { names in
                let transport = try transport(folder, port: names.port, questionsAtOnce: 2)
                async let first = fetch(transport, "first.example", server)
                async let second = fetch(transport, "second.example", server)
                while await transport.underWay < 2 { await Task.yield() }
                let hasty = FetchLimits(connect: .milliseconds(20))
                let given = await fetch(transport, "third.example", server, limits: hasty)
                #expect(given.failure == .timedOut(.resolving))
                async let third = fetch(transport, "third.example", server)
                while await transport.underWay < 3 { await Task.yield() }
                isReady.withLock { $0 = true }
                #expect(await [first, second, third].allSatisfy { $0.response?.status == 204 })
                #expect(names.names.count { $0 == "third.example" } == 1)
            }
        }
    }

    @Test func aThousandNamesAreLookedUpFewAtATime() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { _, family in
                family == .v4 ? .addresses(["127.0.0.1"]) : .addresses([])
            } _: { names in
                let transport = try transport(folder, port: names.port, questionsAtOnce: 10)
                let answered = await withTaskGroup(of: Bool.self) { group in
                    for number in 0..<1_000 {
                        group.addTask { await fetch(transport, "host\(number).example", server).response != nil }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(answered == 1_000)
                #expect(Set(names.names).count == 1_000)
            }
        }
    }

    @Test func namesThatDoNotExistAndServersThatFailAreToldApart() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { name, _ in
                switch name {
                case "missing.example": .noSuchName
                case "bare.example": .addresses([])
                default: .failure
                }
            } _: { names in
                // The machine's own domain is not tried for a name with a dot.
                let transport = try transport(
                    folder, port: names.port, resolver: "search corp.example\noptions ndots:5\nnameserver 127.0.0.1\n")
                for _ in 0..<2 {
                    #expect(await fetch(transport, "missing.example", server).failure == .nameNotFound)
                    #expect(await fetch(transport, "bare.example", server).failure == .nameNotFound)
                    guard case .nameServer = await fetch(transport, "broken.example", server).failure else {
                        Issue.record("a failing name server was not told")
                        return
                    }
                }
                #expect(Set(names.names) == ["missing.example", "bare.example", "broken.example"])
                #expect(names.names.count { $0 == "missing.example" } == 1)
            }
        }
    }

    @Test func aNameWithoutADotMayBeOneOfTheMachinesDomain() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { name, family in
                name == "wiki.two.example" && family == .v4 ? .addresses(["127.0.0.1"]) : .noSuchName
            } _: { names in
                let transport = try transport(
                    folder, port: names.port, resolver: "nameserver 127.0.0.1\nsearch one.example two.example\n")
                #expect(await fetch(transport, "wiki", server).response?.status == 204)
                #expect(await fetch(transport, "other", server).failure == .nameNotFound)
                let asked = ["wiki.one.example", "wiki.two.example", "other.one.example", "other.two.example", "other"]
                #expect(names.names == asked)
            }
        }
    }

    @Test func theHostsFileComesFirstAndLoopbackNeedsNobody() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { _, _ in
                .noSuchName
            } _: { names in
                let hosts = "# ours\n127.0.0.1\tforum.intern Wiki.Intern # a comment\nnonsense x.intern\n"
                let transport = try transport(folder, port: names.port, hosts: hosts)
                for name in ["forum.intern", "wiki.intern", "WIKI.intern", "localhost", "a.b.localhost"] {
                    #expect(await fetch(transport, name, server).response?.status == 204, "\(name)")
                }
                #expect(await fetch(transport, "x.intern", server).failure == .nameNotFound)
                #expect(names.names == ["x.intern"])
            }
        }
    }

    @Test func aPrivateAnswerIsRefusedBeforeAnyConnectionAndAMixedOneIsCleaned() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { name, family in
                if family == .v6 { return .addresses(["::1"]) }
                return .addresses(name == "mixed.example" ? ["127.0.0.1", "192.0.2.1"] : ["127.0.0.1"])
            } _: { names in
                let transport = try transport(folder, port: names.port)
                // Wider rights leave nothing behind for narrower ones.
                #expect(await fetch(transport, "rebound.example", server).response?.status == 204)
                for name in ["rebound.example", "mixed.example"] {
                    let failure = await transport.send(Request(url: "http://\(name):\(server.port)/")).failure
                    guard case .privateAddress = failure else {
                        Issue.record("\(name): \(failure?.description ?? "it was fetched")")
                        return
                    }
                }
                #expect(server.connectionCount == 1)
            }
        }
    }

    /// Three addresses refuse at once: libcurl alone would rest for half the connect timeout after each.
    @Test func anAnswerWithManyAddressesIsTriedUntilOneListens() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { _, family in
                family == .v6 ? .addresses(["::1"]) : .addresses(["127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"])
            } _: { names in
                let transport = try transport(folder, port: names.port)
                let limits = FetchLimits(connect: .seconds(6))
                #expect(await fetch(transport, "many.example", server, limits: limits).response?.status == 204)
            }
        }
    }

    @Test func aSilentNameServerFailsThePollAndDelaysNoOther() async throws {
        let folder = try TemporaryFolder()
        let isBack = Shared(false)
        try await ScriptedBytesServer.serving(Self.empty) { server in
            try await ScriptedNameServer.serving { name, family in
                guard isBack.withLock({ $0 }) || name == "known.example" else { return .silence }
                return family == .v4 ? .addresses(["127.0.0.1"]) : .addresses([])
            } _: { names in
                let transport = try transport(folder, port: names.port, questionsAtOnce: 8)
                #expect(await fetch(transport, "known.example", server).response?.status == 204)

                let limits = FetchLimits(connect: .seconds(2))
                let stuck = (0..<100).map { number in
                    Task { await fetch(transport, "host\(number).example", server, limits: limits) }
                }
                // Known names and addresses go on while a hundred wait.
                for _ in 0..<20 {
                    #expect(await fetch(transport, "known.example", server).response?.status == 204)
                    #expect(await fetch(transport, "127.0.0.1", server).response?.status == 204)
                }
                for task in stuck { #expect(await task.value.failure == .timedOut(.resolving)) }

                isBack.withLock { $0 = true }
                let back = FetchLimits(connect: .seconds(30))
                #expect(await fetch(transport, "back.example", server, limits: back).response?.status == 204)
                #expect(await fetch(transport, "host99.example", server, limits: back).response?.status == 204)
            }
        }
    }

    @Test func aNameServerThatCannotBeReachedIsNamed() async throws {
        let folder = try TemporaryFolder()
        // A port that nobody listens on any more.
        let port = try await ScriptedNameServer.serving { _, _ in
            .silence
        } _: {
            $0.port
        }
        try await ScriptedBytesServer.serving(Self.empty) { server in
            let transport = try transport(folder, port: port)
            let failure = await fetch(transport, "feeds.example", server).failure
            #expect(failure == .nameServer("it does not answer"))
        }
    }

    @Test func cancellingWhileANameIsLookedUpEndsTheRequest() async throws {
        let folder = try TemporaryFolder()
        let asked = AsyncStream<Void>.makeStream()
        try await ScriptedNameServer.serving { _, _ in
            asked.continuation.finish()
            return .silence
        } _: { names in
            let transport = try transport(folder, port: names.port)
            let task = Task { await transport.send(local("http://feeds.example/")) }
            for await _ in asked.stream {}
            task.cancel()
            #expect(await task.value.failure == .cancelled)
            let other = Task { await transport.send(local("http://other.example/")) }
            await transport.shutdown()
            #expect(await other.value.failure == .cancelled)
        }
    }
}

/// The parts that are values, or can be asked without a transport.
@Suite struct NamePartTests {
    private let start = DispatchTime(uptimeNanoseconds: 1_000_000_000)

    @Test func answersAreKeptForTheirTimeWithinBounds() {
        let minute = NameAnswer(id: 1, addresses: [.v4(0x0101_0101)], ttl: 60, at: start)
        #expect(minute.expiry == start + .seconds(60))
        #expect(NameAnswer(id: 1, addresses: [], ttl: 0, at: start).expiry == start + .seconds(10))
        #expect(NameAnswer(id: 1, addresses: [], ttl: -1, at: start).expiry == start + .seconds(10))
        #expect(NameAnswer(id: 1, addresses: [], ttl: .max, at: start).expiry == start + .seconds(3_600))
        let crowd = NameAnswer(id: 1, addresses: (0..<1_000).map { .v4($0) }, ttl: 60, at: start)
        #expect(crowd.addresses.count == 16)

        var cache = NameCache(most: 10)
        cache.keep(.found(minute), for: "a")
        cache.keep(.failed(.nameNotFound, until: start + .seconds(30)), for: "b")
        #expect(cache.entry(for: "a", at: start + .seconds(59)) != nil)
        #expect(cache.entry(for: "a", at: start + .seconds(60)) == nil)
        #expect(cache.entry(for: "b", at: start + .seconds(29)) != nil)
        #expect(cache.entry(for: "b", at: start + .seconds(30)) == nil)
    }

    @Test func theCacheIsBoundedAndKeepsWhatIsUsed() {
        var cache = NameCache(most: 100)
        let answer = NameAnswer(id: 1, addresses: [.v4(1)], ttl: 60, at: start)
        cache.keep(.found(answer), for: "used")
        for number in 0..<10_000 {
            cache.keep(.found(answer), for: "host\(number)")
            #expect(cache.entry(for: "used", at: start) != nil)
            #expect(cache.count <= 101)
        }
        #expect(cache.entry(for: "host0", at: start) == nil)
    }

    @Test func libcurlIsToldOfANameOnceAndOfTheOldestToForget() {
        var names = PreparedNames(most: 2)
        func answer(_ id: UInt64, _ addresses: [IPAddress]) -> NameAnswer {
            NameAnswer(id: id, addresses: addresses, ttl: 60, at: start)
        }
        let open = IPAddress.v4(0x0101_0101)
        let one = answer(1, [open, .v6(UInt128(0x2606_4700) << 96 | 0x1111)])
        #expect(!names.holds("a:80", publicOnly: true, at: start))
        #expect(names.lines(for: "a:80", one, one.addresses) == ["a:80:1.1.1.1,[2606:4700::1111]"])
        #expect(names.holds("a:80", publicOnly: true, at: start + .seconds(59)))
        #expect(!names.holds("a:80", publicOnly: true, at: start + .seconds(60)))

        // What a request with wider rights was told is not good enough for one without.
        let mixed = answer(2, [open, .v4(0x7F00_0001)])
        #expect(names.lines(for: "b:80", mixed, mixed.addresses) == ["b:80:1.1.1.1,127.0.0.1"])
        #expect(names.holds("b:80", publicOnly: false, at: start))
        #expect(!names.holds("b:80", publicOnly: true, at: start))
        #expect(names.lines(for: "b:80", mixed, mixed.publicAddresses) == ["b:80:1.1.1.1"])
        #expect(names.holds("b:80", publicOnly: true, at: start))

        #expect(names.lines(for: "c:443", one, [open]) == ["-a:80", "c:443:1.1.1.1"])
        #expect(!names.holds("a:80", publicOnly: true, at: start))
        names.forget("c:443")
        #expect(!names.holds("c:443", publicOnly: true, at: start))
    }

    @Test func otherNameServersAreAskedWhatTheOldOnesDidNotAnswer() async throws {
        let folder = try TemporaryFolder()
        try await ScriptedNameServer.serving { _, _ in
            .silence
        } _: { dead in
            try await ScriptedNameServer.serving(address: "127.0.0.2", port: dead.port) { _, family in
                family == .v4 ? .addresses(["127.0.0.1"]) : .addresses([])
            } _: { good in
                try await ScriptedBytesServer.serving { connection in
                    connection.readRequest()
                    connection.send("HTTP/1.1 204 No Content\r\n\r\n")
                } _: { server in
                    let file = try folder.write("resolv.conf", "nameserver 127.0.0.1\n")
                    let settings = NameSettings(
                        hosts: "/nowhere", resolver: file, port: dead.port, trust: .seconds(0))
                    let transport = makeTransport(CurlSettings(names: settings))
                    let task = Task { await transport.send(local("http://feeds.example:\(server.port)/")) }
                    await dead.wait(for: "feeds.example")
                    try folder.write("resolv.conf", "nameserver 127.0.0.2 # the other network\n")
                    // Whoever asks next has the file looked at again.
                    let other = await transport.send(local("http://other.example:\(server.port)/"))
                    #expect(other.response?.status == 204)
                    #expect(await task.value.response?.status == 204)
                    #expect(Set(good.names) == ["feeds.example", "other.example"])
                }
            }
        }
    }
}
