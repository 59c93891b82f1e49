// Many transfers on one queue: the cap, the order, cancelling, shutting down.

import Dispatch
import Model
import Runtime
import TestSupport
import Testing

@testable import Fetching

@Suite struct ManyTransfersTests {
    @Test func aThousandRequestsAtOnceAreAllAnswered() async throws {
        try await LoopbackServer.serving {
            Response(status: 200, body: Array($0.url.utf8))
        } _: { server in
            let transport = makeTransport(CurlSettings(transfersAtOnce: 200, idleConnections: 200))
            let right = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    let url = "\(server.base)/\(number)"
                    group.addTask { await transport.send(local(url)).response?.body == Array(url.utf8) }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(right == 1_000)
            #expect(server.connectionCount <= 200)
        }
    }

    @Test func noMoreThanTheCapRunAndTheRestKeepTheirOrder() async throws {
        let running = Shared((now: 0, most: 0))
        let heads = Shared<[String]>([])
        let gate = DispatchSemaphore(value: 0)
        try await ScriptedBytesServer.serving { connection in
            guard let head = connection.readRequest() else { return }
            // Nobody is answered before all have asked.
            gate.wait()
            defer { gate.signal() }
            heads.withLock { $0.append(String(head.prefix { $0 != "\r\n" })) }
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            connection.sendSlowly("HTTP/1.1 204", pause: 1)
            running.withLock { $0.now -= 1 }
            connection.send(" No Content\r\nConnection: close\r\n\r\n")
        } _: { server in
            let transport = makeTransport(CurlSettings(transfersAtOnce: 1))
            let tasks = await transport.startInOrder((0..<10).map { local("\(server.base)/\($0)") })
            gate.signal()
            for task in tasks { #expect(await task.value.response?.status == 204) }
        }
        #expect(running.withLock { $0.most } == 1)
        #expect(heads.withLock { $0 } == (0..<10).map { "GET /\($0) HTTP/1.1" })
    }

    @Test func cancellingATransferClosesItsConnection() async throws {
        let closed = AsyncStream<Void>.makeStream()
        let asked = AsyncStream<Void>.makeStream()
        try await ScriptedBytesServer.serving { connection in
            connection.readRequest()
            asked.continuation.finish()
            connection.waitForClose()
            closed.continuation.finish()
        } _: { server in
            let transport = makeTransport()
            let task = Task { await transport.send(local(server.base)) }
            for await _ in asked.stream {}
            task.cancel()
            #expect(await task.value.failure == .cancelled)
            for await _ in closed.stream {}
        }
    }

    @Test func cancellingARequestThatWaitsLeavesTheOthersAlone() async throws {
        try await ScriptedBytesServer.serving { connection in
            guard connection.readRequest()?.contains("/hang") == false else { return connection.waitForClose() }
            connection.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        } _: { server in
            let transport = makeTransport(CurlSettings(transfersAtOnce: 1))
            let tasks = await transport.startInOrder(["/hang", "/a", "/b"].map { local(server.base + $0) })
            tasks[1].cancel()
            #expect(await tasks[1].value.failure == .cancelled)
            tasks[0].cancel()
            #expect(await tasks[0].value.failure == .cancelled)
            #expect(await tasks[2].value.response?.status == 204)
            #expect(server.connectionCount == 2)
        }
    }

    @Test func aTaskCancelledBeforehandAsksNobody() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            let transport = makeTransport()
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await transport.send(local(server.base + "/"))
            }
            #expect(await task.value.failure == .cancelled)
        }
    }

    @Test func shuttingDownEndsEverything() async throws {
        try await ScriptedBytesServer.serving {
            $0.waitForClose()
        } _: { server in
            let transport = makeTransport(CurlSettings(transfersAtOnce: 2))
            let tasks = await transport.startInOrder((0..<4).map { local("\(server.base)/\($0)") })
            await transport.shutdown()
            for task in tasks { #expect(await task.value.failure == .cancelled) }
            #expect(await transport.send(local(server.base)).failure == .cancelled)
        }
    }

    @Test func whoIsAnsweredMayShutDownAtOnce() async throws {
        try await ScriptedBytesServer.serving { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 204 No Content\r\n\r\n")
            connection.waitForClose()
        } _: { server in
            let executor = QueueExecutor(label: "network")
            let transport = CurlTransport(executor: executor)
            let (outcome, turns) = await Task(executorPreference: QueuePreference(executor)) {
                await Neighbour(executor: executor).send(local(server.base), andShutDown: transport)
            }.value
            #expect(outcome.response?.status == 204)
            // The pump that was to come again found nothing any more.
            #expect(await transport.turns == turns + 1)
        }
    }
}

/// Goes on behind a transport's pump when it is answered, before the next one.
private actor Neighbour {
    private let executor: QueueExecutor

    init(executor: QueueExecutor) {
        self.executor = executor
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Returns: also how many turns the transport had taken until then.
    func send(_ request: Request, andShutDown transport: CurlTransport) async -> (FetchOutcome, turns: Int) {
        let outcome = await transport.send(request)
        return (outcome, shutDown(transport))
    }

    private func shutDown(_ transport: CurlTransport) -> Int {
        transport.assumeIsolated { transport in
            transport.shutdown()
            return transport.turns
        }
    }
}

extension CurlTransport {
    /// Starts a task per request, each only after the one before has reached the transport; none may have an outcome
    /// before the last has. The order of the tasks alone says nothing: each goes by the pool's threads on its way.
    fileprivate nonisolated func startInOrder(_ requests: [Request]) async -> [Task<FetchOutcome, Never>] {
        var tasks: [Task<FetchOutcome, Never>] = []
        for request in requests {
            tasks.append(Task { await self.send(request) })
            while await underWay < tasks.count { await Task.yield() }
        }
        return tasks
    }
}
