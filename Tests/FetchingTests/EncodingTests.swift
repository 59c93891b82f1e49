// Compressed bodies: decoded, and cut off at the cap however small they were on the wire.

import Fetching
import Foundation
import Model
import TestSupport
import Testing

@Suite struct EncodingTests {
    private static let hello = Array("hello, hello, hello".utf8)
    private static let gzip = decoded("H4sIAAAAAAAC/8tIzcnJ11HIQKIAn6HKCRMAAAA=")
    private static let zstd = decoded("KLUv/QRYbQAAOGhlbGxvLCABAOKKEXXzmI4=")
    /// One stored meta-block of 19 bytes and an empty last one (RFC 7932 §9.2).
    private static let brotli: [UInt8] = [0x20, 0x01, 0x10] + hello + [0x03]

    @Test(arguments: [("gzip", gzip), ("br", brotli), ("zstd", zstd), ("identity", hello)])
    func aBodyIsDecoded(encoding: String, bytes: [UInt8]) async throws {
        #expect(try await answer(encoding, bytes).response?.body == Self.hello)
    }

    @Test func aSecondGzipMemberIsNotSilentlyDropped() async throws {
        #expect(try await answer("gzip", Self.gzip + Self.gzip).failure == .badEncoding)
    }

    /// 200 MB of zeros, packed three times: 266 bytes.
    private static let bomb = decoded(
        """
        H4sIAAAAAAAC/5Pv5mAAAab/b+/Y6rkEyhx7aJysIiwo3+p10MhESLhzGsvXFLEE1uAdJ12WbmSoDohsyHhzwD2VcVHAiiNP76XO+V65Kvj/\
        aXP1/XNfF77kud3ffvDB/4t3/tyr7QvnApobsPNZ6cYrvYyp22vtrCzZgSJZ5tHx0l8XHzhfUv1IBqRi7+q/e3v/tR+4/vToCUugwIKq6Pvv\
        2f+KfbhyL3/eTpCWkPeuBiBHLuJgA5IOYgdBnBNKEiAqkYUZSCp0J4A4KYI8QLJBp4kRSAm4gTVtGima7om1H87jnrHl8s9kRoYFQttPb/74\
        MVPz7Ct5k7+x9SEyzAwAxkBlsuwBAAA=
        """)

    @Test func aBombIsCutAtTheCap() async throws {
        let outcome = try await answer("gzip, gzip, gzip", Self.bomb)
        #expect(outcome.failure == .bodyTooLarge(limit: 10 << 20))
    }

    @Test func theBeginningOfABombCanBeKept() async throws {
        let limits = FetchLimits(bodyBytes: 20_000, overflow: .cuts)
        let response = try #require(try await answer("gzip, gzip, gzip", Self.bomb, limits: limits).response)
        #expect(response.bodyWasCut)
        #expect(response.body == [UInt8](repeating: 0, count: 20_000))
    }

    @Test func anEndlessZstdFrameIsCutAtTheCap() async throws {
        let outcome = try await outcome { connection in
            connection.readRequest()
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n")
            // A frame with a 128 KiB window, then blocks that each say "one zero, 131,072 times" (RFC 8878 §3.1).
            connection.send([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38])
            while connection.send([0x02, 0x00, 0x10, 0x00]) {}
        }
        #expect(outcome.failure == .bodyTooLarge(limit: 10 << 20))
    }

    private static let broken: [(String, [UInt8])] = [
        ("gzip", Array("not gzip at all".utf8)), ("br", [0xFF, 0xFF, 0xFF]), ("zstd", Array("nor zstd".utf8)),
        ("lzma", hello), ("gzip, gzip, gzip, gzip, gzip, gzip", gzip),
        ("gzip", gzip.dropLast(8) + [0, 0, 0, 0, 0, 0, 0, 0]),
    ]

    @Test(arguments: broken)
    func aBrokenOrUnknownEncodingFails(encoding: String, bytes: [UInt8]) async throws {
        #expect(try await answer(encoding, bytes).failure == .badEncoding)
    }

    private func answer(
        _ encoding: String, _ bytes: [UInt8], limits: FetchLimits = FetchLimits()
    ) async throws -> FetchOutcome {
        try await outcome(limits: limits) { connection in
            connection.readRequest()
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: \(encoding)\r\nContent-Length: \(bytes.count)\r\n\r\n")
            connection.send(bytes)
        }
    }

    private static func decoded(_ base64: String) -> [UInt8] {
        Data(base64Encoded: base64).map(Array.init) ?? []
    }
}
