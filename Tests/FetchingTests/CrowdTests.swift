// Many servers that mean harm at once: none delays a good one, and together they cost no more than was granted.

import CNet
import Dispatch
import Model
import TestSupport
import Testing

@testable import Fetching

@Suite struct CrowdTests {
    /// Says nothing, trickles, or stops inside its headers or its body, for as long as the client stays.
    private static let hanging: ScriptedBytesServer.Script = { connection in
        guard let head = connection.readRequest() else { return }
        switch head.split(separator: " ").dropFirst().first?.dropFirst() {
        case "trickles":
            connection.sendSlowly("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 9_999), pause: 100)
        case "stops": connection.send("HTTP/1.1 200 OK\r\nContent-Len")
        case "halfway": connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nx")
        default: break
        }
        connection.waitForClose()
    }

    @Test func aThousandHangingHostsDelayNoGoodOne() async throws {
        try await ScriptedBytesServer.serving(Self.hanging) { bad in
            try await LoopbackServer.serving { _ in
                Response(status: 200)
            } _: { good in
                let transport = makeTransport()
                let ways = ["silent", "trickles", "stops", "halfway"]
                let stuck = (0..<1_000).map { number in
                    Task { await transport.send(local("\(bad.base)/\(ways[number % 4])")) }
                }
                await bad.waitForConnections(1_000)
                for _ in 0..<50 { #expect(await transport.send(local(good.base + "/")).response?.status == 200) }
                // Not one of them has come to an end meanwhile.
                #expect(await transport.underWay == 1_000)
                await transport.shutdown()
                for task in stuck { #expect(await task.value.failure == .cancelled) }
            }
        }
    }

    @Test func aRequestThatWaitsForItsAnswerKeepsNothingBusy() async throws {
        try await ScriptedBytesServer.serving(Self.hanging) { server in
            let transport = makeTransport()
            let stuck = Task { await transport.send(local("\(server.base)/silent")) }
            await server.waitForConnections(1)
            let before = await transport.turns
            // Whatever keeps putting itself on the queue gets its turn between these.
            for _ in 0..<1_000 { #expect(await transport.underWay == 1) }
            #expect(await transport.turns - before < 50)
            await transport.shutdown()
            #expect(await stuck.value.failure == .cancelled)
        }
    }

    @Test func aConnectionThatTheServerClosedKeepsNothingBusy() async throws {
        try await ScriptedBytesServer.serving { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        } _: { server in
            let transport = makeTransport()
            for _ in 0..<2 { #expect(await transport.send(local("\(server.base)/")).response?.status == 200) }
            let before = await transport.turns
            for _ in 0..<1_000 { #expect(await transport.underWay == 0) }
            #expect(await transport.turns - before < 50)
        }
    }

    @Test func bodiesThatAreTooMuchTogetherCostTheLargest() async throws {
        let size = 300_000
        try await ScriptedBytesServer.serving { connection in
            guard let head = connection.readRequest() else { return }
            if head.contains("/large") {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
                connection.send([UInt8](repeating: 0x78, count: size * 2))
            } else {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size + 1)\r\n\r\n")
                connection.send([UInt8](repeating: 0x78, count: size))
            }
            connection.waitForClose()
        } _: { server in
            let transport = makeTransport(CurlSettings(bodyBytes: 1_000_000))
            let large = Task { await transport.send(local("\(server.base)/large")) }
            let small = (0..<2).map { _ in Task { await transport.send(local("\(server.base)/small")) } }
            #expect(await large.value.failure == .outOfRoom)
            // The two others fit now, and are still there.
            #expect(await transport.underWay == 2)
            for task in small { task.cancel() }
            for task in small { #expect(await task.value.failure == .cancelled) }
            #expect(await transport.bytesHeld == 0)
        }
    }

    @Test func roomIsGivenBackHoweverATransferEnds() async throws {
        try await ScriptedBytesServer.serving { connection in
            guard let head = connection.readRequest() else { return }
            let body = head.contains("/gzip") ? gzipped([UInt8](repeating: 0, count: 9_000)) : [1, 2, 3]
            let encoding = head.contains("/plain") ? "" : "Content-Encoding: gzip\r\n"
            let length = head.contains("/short") ? 100 : body.count
            connection.send("HTTP/1.1 200 OK\r\n\(encoding)Content-Length: \(length)\r\n\r\n")
            connection.send(body)
        } _: { server in
            let transport = makeTransport()
            #expect(await transport.send(local("\(server.base)/plain")).response?.body == [1, 2, 3])
            #expect(await transport.send(local("\(server.base)/gzip")).response?.body.count == 9_000)
            #expect(await transport.send(local("\(server.base)/broken")).failure == .badEncoding)
            #expect(await transport.send(local("\(server.base)/short")).failure == .bodyIncomplete)
            #expect(await transport.bytesHeld == 0)
        }
    }

    @Test func whatIsOverIsLetGoOf() async throws {
        try await ScriptedBytesServer.serving { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            connection.waitForClose()
        } _: { server in
            let transport = makeTransport(CurlSettings(transfersAtOnce: 1))
            let before = Self.allocated
            await withTaskGroup { group in
                for number in 0..<50 {
                    let body = [UInt8](repeating: UInt8(number), count: 256 << 10)
                    let request = Request(
                        url: server.base, method: "POST", body: body, allowsPrivateAddresses: true)
                    group.addTask { #expect(await transport.send(request).response?.status == 204) }
                }
            }
            // All fifty waited together, with 12 MB of bodies.
            #expect(Self.allocated - before < 2 << 20)
            #expect(await transport.underWay == 0)
        }
    }

    /// Bytes that malloc has given out.
    private static var allocated: Int {
        let state = mallinfo2()
        return state.uordblks + state.hblkhd
    }

    @Test func memoryIsReturnedAfterABurstAndNotWithinOne() {
        var burst = Burst()
        let start = DispatchTime.now()
        for _ in 0..<999 { burst.count(running: 100) }
        let early = burst.isOver(running: 0, at: start)
        burst.count(running: 100)
        let within = burst.isOver(running: 13, at: start)
        let down = burst.isOver(running: 12, at: start)
        #expect(burst.deadline == start + .seconds(1))
        let soon = burst.isOver(running: 12, at: start + .milliseconds(999))
        let after = burst.isOver(running: 12, at: start + .seconds(1))
        let again = burst.isOver(running: 0, at: start + .seconds(9))
        #expect([early, within, down, soon, after, again] == [false, false, false, false, true, false])
        #expect(burst.deadline == nil)
    }

    @Test func memoryIsKeptWhileTransfersFollowOneAnother() {
        var burst = Burst()
        let start = DispatchTime.now()
        for _ in 0..<1_000 { burst.count(running: 15) }
        let first = burst.isOver(running: 0, at: start)
        // As many end in the next second, though none runs when it is over.
        for _ in 0..<1_000 { burst.count(running: 15) }
        let second = burst.isOver(running: 0, at: start + .seconds(1))
        for _ in 0..<999 { burst.count(running: 15) }
        let busy = burst.isOver(running: 8, at: start + .milliseconds(1_500))
        let third = burst.isOver(running: 0, at: start + .seconds(2))
        let last = burst.isOver(running: 0, at: start + .seconds(3))
        #expect([first, second, busy, third, last] == [false, false, false, false, true])
    }
}
