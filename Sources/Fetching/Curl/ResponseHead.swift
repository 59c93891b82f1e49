// The headers of one response as their lines come in: a value without I/O that keeps count, so that endless headers and
// endless trailers end here. It never keeps a trailer: what comes after a body must not change what came before.

/// Collects the header lines of a response.
struct ResponseHead {
    /// Of the final response; 1xx responses come first and are forgotten.
    private(set) var status = 0
    private(set) var headers = HeaderLines()
    /// Whether the final response's last header has come: what follows are trailers.
    private(set) var isComplete = false

    private let byteLimit: Int
    private var bytes = 0
    private var lines = 0

    init(byteLimit: Int) {
        self.byteLimit = byteLimit
    }

    /// Takes one line, its line break included.
    ///
    /// - Returns: `false` once there are too many bytes or lines.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
        bytes += line.count
        lines += 1
        guard bytes <= byteLimit, lines <= FetchLimits.headerLines else { return false }
        if !isComplete { read(trimmed(line[...])) }
        return true
    }

    private mutating func read(_ line: Slice<UnsafeRawBufferPointer>) {
        guard let first = line.first else {
            isComplete = status >= 200
            return
        }
        if line.starts(with: "HTTP/".utf8) {
            startResponse(line)
        } else if isBlank(first) {
            fold(line)
        } else {
            append(line)
        }
    }

    /// `HTTP/1.1 200 OK`: libcurl has checked that there are three digits.
    private mutating func startResponse(_ line: Slice<UnsafeRawBufferPointer>) {
        let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3)
        status = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        headers.removeAll()
    }

    /// A line that starts with white space goes on with the value before it (RFC 9112 §5.2).
    private mutating func fold(_ line: Slice<UnsafeRawBufferPointer>) {
        headers.extend(by: UnsafeRawBufferPointer(rebasing: line.drop(while: isBlank)))
    }

    private mutating func append(_ line: Slice<UnsafeRawBufferPointer>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = line[line.index(after: colon)...].drop(while: isBlank)
        headers.append(
            name: UnsafeRawBufferPointer(rebasing: line[..<colon]), value: UnsafeRawBufferPointer(rebasing: value))
    }

    /// Without the white space and the line break at its end.
    private func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var line = line
        while let last = line.last, isBlank(last) || last == 0x0D || last == 0x0A { line.removeLast() }
        return line
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09
    }
}
