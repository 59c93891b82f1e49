// Zstandard (RFC 8878) by Facebook's library, every frame of it. What follows the last frame and does not begin as
// another is ignored, as it is for gzip.

import CNet

enum Zstandard {
    /// 2^23 bytes is the largest window that may be used over HTTP (RFC 9659 §3); the format itself allows terabytes.
    private static let windowLog: Int32 = 23

    static func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Filling {
        guard let decoder = ZSTD_createDCtx() else { return .broken }
        defer { ZSTD_freeDCtx(decoder) }
        guard ZSTD_isError(ZSTD_DCtx_setParameter(decoder, ZSTD_d_windowLogMax, windowLog)) == 0 else { return .broken }
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        while true {
            let before = (source.pos, target.pos)
            // How much it would like to have next; nothing at the end of a frame.
            let wish = ZSTD_decompressStream(decoder, &target, &source)
            if ZSTD_isError(wish) != 0 { return .broken }
            if wish == 0, !beginsFrame(input[source.pos...]) { return .whole(target.pos) }
            // It stands still: for want of room, or of the rest.
            if (source.pos, target.pos) == before { return target.pos == target.size ? .full : .broken }
        }
    }

    /// The magic numbers of RFC 8878 §3.1.1 and §3.1.2, in little-endian order.
    private static func beginsFrame(_ rest: Slice<UnsafeRawBufferPointer>) -> Bool {
        let magic = rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        return magic == 0xFD2F_B528 || magic & 0xFFFF_FFF0 == 0x184D_2A50
    }
}
