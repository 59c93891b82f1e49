// gzip, zlib and raw deflate by libdeflate, which takes a third of the time that zlib takes, and wants all of the
// input and room for all of the output at once.

import CNet

enum Inflating {
    /// bgzip makes one of every 64 kB, so 32 MB have 512; each costs a microsecond however empty it is.
    private static let mostMembers = 10_000

    /// Every member of a gzip file (RFC 1952 §2.2). What follows the last and does not begin as another is ignored, as
    /// browsers do: servers pad with zeros, or append a plain-text notice.
    static func gzip(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Filling {
        withDecompressor { decompressor in
            var (read, written) = (0, 0)
            for _ in 0..<mostMembers {
                let rest = UnsafeRawBufferPointer(rebasing: input[read...])
                if read > 0, !rest.starts(with: [0x1F, 0x8B]) { return .whole(written) }
                var (consumed, produced) = (0, 0)
                let room = UnsafeMutableRawBufferPointer(rebasing: output[written...])
                let result = libdeflate_gzip_decompress_ex(
                    decompressor, rest.baseAddress, rest.count, room.baseAddress, room.count, &consumed, &produced)
                guard result == LIBDEFLATE_SUCCESS else { return filling(result, 0) }
                read += consumed
                written += produced
            }
            return .broken
        }
    }

    /// zlib's format, as the standard has it (RFC 9110 §8.4.1.2), or bare deflate, as some servers have it.
    static func deflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Filling {
        withDecompressor { decompressor in
            var (consumed, produced) = (0, 0)
            if looksLikeZlib(input) {
                let result = libdeflate_zlib_decompress_ex(
                    decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &consumed,
                    &produced)
                if result != LIBDEFLATE_BAD_DATA { return filling(result, produced) }
            }
            let result = libdeflate_deflate_decompress_ex(
                decompressor, input.baseAddress, input.count, output.baseAddress, output.count, &consumed, &produced)
            return filling(result, produced)
        }
    }

    /// RFC 1950 §2.2: the method is 8, and the first two bytes are a multiple of 31.
    private static func looksLikeZlib(_ input: UnsafeRawBufferPointer) -> Bool {
        input.count >= 2 && input[0] & 0x0F == 8 && (Int(input[0]) << 8 | Int(input[1])) % 31 == 0
    }

    private static func filling(_ result: libdeflate_result, _ written: Int) -> Filling {
        switch result {
        case LIBDEFLATE_SUCCESS: .whole(written)
        case LIBDEFLATE_INSUFFICIENT_SPACE: .full
        default: .broken
        }
    }

    private static func withDecompressor(_ body: (OpaquePointer) -> Filling) -> Filling {
        guard let decompressor = libdeflate_alloc_decompressor() else { return .broken }
        defer { libdeflate_free_decompressor(decompressor) }
        return body(decompressor)
    }
}
