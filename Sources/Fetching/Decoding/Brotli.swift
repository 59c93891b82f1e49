// Brotli (RFC 7932) by Google's library. Its window is at most 16 MB, which its own format says.

import CNet

enum Brotli {
    /// What follows the end of the stream is ignored, as it is for gzip.
    static func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Filling {
        guard let decoder = BrotliDecoderCreateInstance(nil, nil, nil) else { return .broken }
        defer { BrotliDecoderDestroyInstance(decoder) }
        var (unread, room, written) = (input.count, output.count, 0)
        var next = input.bindMemory(to: UInt8.self).baseAddress
        var place = output.bindMemory(to: UInt8.self).baseAddress
        switch BrotliDecoderDecompressStream(decoder, &unread, &next, &room, &place, &written) {
        case BROTLI_DECODER_RESULT_SUCCESS: return .whole(written)
        case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: return .full
        default: return .broken
        }
    }
}
