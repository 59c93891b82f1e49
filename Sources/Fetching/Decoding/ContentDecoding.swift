// Takes the encodings off a body that has come whole. It is pure, costs processor time, and so never runs on the
// network queue.

import Model

/// Why a body cannot be decoded.
enum DecodingFailure: Error {
    /// Corrupt, cut short, or in an encoding that nobody asked for.
    case broken
    case tooLarge
}

/// What stands in Content-Encoding, in the order in which it was put on (RFC 9110 §8.4).
struct ContentEncoding {
    private let codings: [ContentCoding]

    /// What is asked for, the usual ones first.
    static let accepted = "gzip, deflate, br, zstd"
    /// More than one is a mistake, seen in the wild twice over; more than three is an attack.
    private static let most = 3

    /// - Throws: `.broken` for encodings that are unknown or too many.
    init(_ values: [String]) throws(DecodingFailure) {
        var codings: [ContentCoding] = []
        for word in values.lazy.flatMap({ $0.split(separator: ",") }).prefix(Self.most * 4) {
            let name = word.trimmed.lowercased()
            guard !name.isEmpty, !Self.meaningless.contains(name) else { continue }
            guard let coding = ContentCoding(name) else { throw .broken }
            codings.append(coding)
        }
        guard codings.count <= Self.most else { throw .broken }
        self.codings = codings
    }

    /// What servers write there though nothing is encoded: a character encoding, or the word for none.
    private static let meaningless: Set = ["identity", "none", "binary", "utf-8", "utf8"]

    var isNone: Bool { codings.isEmpty }

    /// The body without its encodings.
    ///
    /// - Parameter limit: the most bytes that it may have, after every step.
    func decoded(_ body: [UInt8], limit: Int) throws(DecodingFailure) -> [UInt8] {
        var body = body
        // An empty body has nothing to take off: servers send the header with it all the same.
        for coding in codings.reversed() where !body.isEmpty { body = try coding.decoded(body, limit: max(1, limit)) }
        return body
    }
}

/// One way to compress a body.
enum ContentCoding {
    case gzip, deflate, brotli, zstandard

    fileprivate init?(_ name: String) {
        switch name {
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        case "br": self = .brotli
        case "zstd": self = .zstandard
        default: return nil
        }
    }

    /// The whole of `bytes` decoded, at most `limit` bytes.
    ///
    /// The output is a buffer of fixed size for each try, four times as large for the next: the stated size is a
    /// stranger's word. All tries together cost a third more than the last.
    fileprivate func decoded(_ bytes: [UInt8], limit: Int) throws(DecodingFailure) -> [UInt8] {
        var capacity = min(limit, max(1_024, statedSize(bytes) ?? bytes.count * 4))
        while true {
            var filling = Filling.broken
            let output = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
                filling = bytes.withUnsafeBytes { fill(UnsafeMutableRawBufferPointer(output), from: $0) }
                if case .whole(let written) = filling { count = written }
            }
            switch filling {
            case .whole: return output
            case .broken: throw .broken
            case .full where capacity >= limit: throw .tooLarge
            case .full: capacity = min(limit, capacity * 4)
            }
        }
    }

    private func fill(_ output: UnsafeMutableRawBufferPointer, from input: UnsafeRawBufferPointer) -> Filling {
        switch self {
        case .gzip: Inflating.gzip(input, into: output)
        case .deflate: Inflating.deflate(input, into: output)
        case .brotli: Brotli.decode(input, into: output)
        case .zstandard: Zstandard.decode(input, into: output)
        }
    }

    /// The size at the end of a gzip member (RFC 1952 §2.3.1), if deflate could have made it of so few bytes: it packs
    /// 1,032 to one at best.
    private func statedSize(_ bytes: [UInt8]) -> Int? {
        guard case .gzip = self, bytes.count >= 18 else { return nil }
        let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return (1...bytes.count * 1_032).contains(size) ? size : nil
    }
}

/// How far a decoder came with an output buffer of fixed size.
enum Filling {
    /// Everything is decoded, into so many bytes.
    case whole(Int)
    /// There is more than fits.
    case full
    case broken
}

extension Substring {
    fileprivate var trimmed: Substring {
        let rest = drop { $0 == " " || $0 == "\t" }
        return rest.dropLast(rest.reversed().prefix { $0 == " " || $0 == "\t" }.count)
    }
}
