// No stranger makes us connect to an address that is not of the public internet, however it is written.

import Fetching
import Model
import TestSupport
import Testing

@Suite struct AddressPolicyTests {
    @Test(arguments: [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.8", "192.0.2.1",
        "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
        "::", "::1", "::2", "::7f00:1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1",
        "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:5db8:d822::1", "3fff::1", "4000::1", "5f00::1", "fc00::1",
        "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ffff::1",
    ])
    func specialAddressesAreRefused(address: String) throws {
        let reason = try #require(AddressPolicy.refusal(text: address))
        #expect(reason.hasSuffix(")"))
    }

    @Test(arguments: [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.88.98.255",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "93.184.216.34",
        "2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7::1", "2001:db9::1", "2003::1", "2606:4700::1111",
        "3ffe::1", "3fff:1000::1",
    ])
    func theirNeighboursAreNot(address: String) {
        #expect(AddressPolicy.refusal(text: address) == nil)
    }

    @Test(arguments: ["", "localhost", "127.1", "fe80::1%eth0", "1.2.3.4.5", ":"])
    func whatIsNotAnAddressIsRefused(text: String) {
        #expect(AddressPolicy.refusal(text: text) != nil)
    }

    @Test func socketAddressesAreReadInNetworkOrder() {
        let loopback: [UInt8] = [2, 0, 0, 80, 127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
        #expect(AddressPolicy.refusal(socketAddress: loopback) == "127.0.0.1 (loopback)")
        let resolver: [UInt8] = [2, 0, 0, 80, 9, 9, 9, 9] + [UInt8](repeating: 0, count: 8)
        #expect(AddressPolicy.refusal(socketAddress: resolver) == nil)
        let six: [UInt8] = [10, 0, 0, 80, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 15) + [1, 0, 0, 0, 0]
        #expect(AddressPolicy.refusal(socketAddress: six) == "::1 (loopback)")
    }

    @Test(arguments: [[], [2], [2, 0, 0, 80, 9, 9, 9], [1, 0, 47, 120], [10, 0, 0, 80, 0, 0, 0, 0, 32]])
    func socketAddressesOfAnotherKindAreRefused(bytes: [UInt8]) {
        #expect(AddressPolicy.refusal(socketAddress: bytes) != nil)
    }
}

@Suite struct AddressCheckTests {
    @Test(arguments: [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0.0.0.0",
        "0", "localhost", "LOCALHOST", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "１２７.0.0.1", "127。0。0。1",
        "user:secret@127.0.0.1",
    ])
    func everySpellingOfLoopbackIsRefused(host: String) async throws {
        try await ScriptedBytesServer.serving { _ in
        } _: { server in
            let failure = await makeTransport().send(Request(url: "http://\(host):\(server.port)/")).failure
            guard case .privateAddress(let reason) = failure else {
                Issue.record("\(host): \(failure?.description ?? "it was fetched")")
                return
            }
            #expect(reason.contains("("))
            #expect(server.connectionCount == 0)
        }
    }

    @Test func aConnectionThatWiderRightsOpenedIsNotLent() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            let transport = makeTransport()
            #expect(await transport.send(local(server.base + "/hook")).response?.status == 200)
            let failure = await transport.send(Request(url: server.base + "/feed")).failure
            #expect(failure == .privateAddress("127.0.0.1 (loopback)"))
            #expect(server.requests.count == 1)
        }
    }

    @Test func aRedirectToLoopbackIsRefusedAtTheConnection() async throws {
        try await LoopbackServer.serving { _ in
            Response(status: 200)
        } _: { server in
            let transport = makeTransport()
            let web = ScriptedTransport { request, number in
                let elsewhere = Header("Location", server.base + "/admin")
                return number == 0
                    ? .response(Response(status: 302, headers: [elsewhere])) : await transport.send(request)
            }
            let fetched = await Fetcher(transport: web).fetch(Request(url: "https://example.com/feed"))
            #expect(fetched.outcome.failure == .privateAddress("127.0.0.1 (loopback)"))
            #expect(server.requests.isEmpty)
        }
    }
}
