// A response as `curl -i` saves it: status line, headers, an empty line, the body. What a redirect or an early answer
// put before it is passed over.

import Model

struct SavedResponse {
    var headers: [Header] = []
    var body: [UInt8]

    /// The bytes of a file as they are, where it begins with no status line.
    init(_ bytes: [UInt8]) {
        body = bytes
        while body.starts(with: Array("HTTP/".utf8)), let end = Self.end(of: body) {
            let lines = String(decoding: body[..<end], as: UTF8.self).split(whereSeparator: \.isNewline)
            headers = lines.dropFirst().compactMap { Header(line: String($0)) }
            body = Array(body[end...])
        }
    }

    /// Where the body begins.
    private static func end(of bytes: [UInt8]) -> Int? {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[start..<end]
            if line.isEmpty || line.elementsEqual([UInt8(ascii: "\r")]) { return end + 1 }
            start = end + 1
        }
        return nil
    }
}
