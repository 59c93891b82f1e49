// Compressed bodies: decoded, and cut off at the cap however small they were on the wire.

import Foundation
import Model
import TestSupport
import Testing

@testable import Fetching

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

    @Test func everyMemberAndEveryFrameIsDecoded() async throws {
        #expect(try await answer("gzip", Self.gzip + Self.gzip).response?.body == Self.hello + Self.hello)
        #expect(try await answer("zstd", Self.zstd + Self.zstd).response?.body == Self.hello + Self.hello)
    }

    /// zlib's format is what "deflate" means (RFC 9110 §8.4.1.2); some servers send it without its wrapping.
    @Test func deflateIsTakenWithAndWithoutItsWrapping() async throws {
        let raw = Array(Self.gzip[10..<(Self.gzip.count - 8)])
        #expect(try await answer("deflate", raw).response?.body == Self.hello)
        // The header of RFC 1950 §2.2 before, Adler-32 behind.
        let wrapped = [0x78, 0x9C] + raw + Self.adler(Self.hello)
        #expect(try await answer("deflate", wrapped).response?.body == Self.hello)
    }

    private static func adler(_ bytes: [UInt8]) -> [UInt8] {
        let (a, b) = bytes.reduce((1, 0)) { sums, byte in
            let a = (sums.0 + Int(byte)) % 65_521
            return (a, (sums.1 + a) % 65_521)
        }
        return [b >> 8, b & 0xFF, a >> 8, a & 0xFF].map { UInt8($0) }
    }

    @Test(arguments: [[0, 0, 0, 0], Array("\n<!-- cached -->".utf8), [0x1F]])
    func whatFollowsTheEndIsIgnored(rest: [UInt8]) async throws {
        for (encoding, bytes) in [("gzip", Self.gzip), ("zstd", Self.zstd), ("br", Self.brotli)] {
            #expect(try await answer(encoding, bytes + rest).response?.body == Self.hello)
        }
    }

    /// The length that the server announces is that of what it sends, so only the decoder can see it.
    @Test(arguments: [("gzip", gzip), ("br", brotli), ("zstd", zstd)])
    func aBodyThatWasCutOnTheServerIsNotTakenForTheWhole(encoding: String, bytes: [UInt8]) async throws {
        for count in 1..<bytes.count {
            #expect(body(encoding, Array(bytes[..<count])) == nil, "\(count) bytes")
        }
        #expect(try await answer(encoding, bytes.dropLast()).failure == .badEncoding)
    }

    @Test func aSecondMemberThatWasCutIsNotIgnored() async throws {
        #expect(try await answer("gzip", Self.gzip + Self.gzip.dropLast()).failure == .badEncoding)
    }

    @Test(arguments: ["", "identity", "none", "UTF-8", "binary, ", " x-gzip , identity", "GZIP"])
    func whatSaysNothingIsIgnored(encoding: String) async throws {
        let isGzip = encoding.lowercased().contains("gzip")
        #expect(try await answer(encoding, isGzip ? Self.gzip : Self.hello).response?.body == Self.hello)
    }

    @Test func encodingsInTwoHeadersAreTakenOffInTheirOrder() async throws {
        let once = gzipped(Self.gzip)
        #expect(try await answer("gzip\r\nContent-Encoding: gzip", once).response?.body == Self.hello)
    }

    @Test func anEncodedAnswerWithoutABodyIsEmpty() async throws {
        #expect(try await answer("gzip", []).response?.body == [])
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

    @Test func whereBodiesAreCutABombIsLeftOut() async throws {
        let limits = FetchLimits(bodyBytes: 20_000, overflow: .cuts)
        let response = try #require(try await answer("gzip, gzip, gzip", Self.bomb, limits: limits).response)
        #expect(response.status == 200)
        #expect(response.bodyWasCut)
        #expect(response.body.isEmpty)
        #expect(try await answer("gzip", Self.gzip, limits: limits).response?.body == Self.hello)
    }

    /// The size that a gzip file states is a stranger's word, whether it is too small or too large.
    @Test(arguments: [[1, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F]]) func theStatedSizeIsNotBelieved(size: [UInt8]) {
        let text = Array(String(repeating: "Zeebank ", count: 5_000).utf8)
        let bytes = gzipped(text)
        #expect(body("gzip", bytes) == text)
        // libdeflate compares it with what it made, and finds the lie.
        #expect(body("gzip", bytes.dropLast(4) + size) == nil)
    }

    @Test func aBodyOfExactlyTheCapIsWholeAndOneMoreByteIsTooMuch() async throws {
        for (encoding, bytes) in [("gzip", Self.gzip), ("br", Self.brotli), ("zstd", Self.zstd)] {
            let whole = try await answer(encoding, bytes, limits: FetchLimits(bodyBytes: Self.hello.count * 3))
            #expect(whole.response?.body == Self.hello)
            let limit = Self.hello.count
            #expect(body(encoding, bytes, limit: limit) == Self.hello)
            #expect(body(encoding, bytes, limit: limit - 1) == nil)
        }
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

    /// What the decoder makes of it, without a server.
    private func body(_ encoding: String, _ bytes: [UInt8], limit: Int = 1 << 20) -> [UInt8]? {
        do throws(DecodingFailure) {
            return try ContentEncoding([encoding]).decoded(bytes, limit: limit)
        } catch {
            return nil
        }
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
