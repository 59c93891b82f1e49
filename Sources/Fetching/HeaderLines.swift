// The header lines of a response in one piece of memory. Strings are made only of those that somebody asks for: most
// polls look at two headers of a dozen.

package import Model

/// Header lines as they came, in their order.
package struct HeaderLines: Sendable, Equatable {
    /// For each line the lengths of its name and its value, four bytes each, and then the two.
    private var bytes: [UInt8] = []
    /// Where the last line begins.
    private var last: Int?

    private static let lengths = 8

    package init(_ headers: [Header] = []) {
        for header in headers { append(name: Array(header.name.utf8), value: Array(header.value.utf8)) }
    }

    /// All of them; bytes that are not UTF-8 are replaced.
    package var all: [Header] {
        var headers: [Header] = []
        forEach { name, value in headers.append(Header(text(name), text(value))) }
        return headers
    }

    /// The value of the first line called `name`, in whatever case (RFC 9110 §5.1).
    package func first(_ name: String) -> String? {
        values(of: name, atMost: 1).first
    }

    /// The values of all lines called `name`, in their order.
    package func all(_ name: String) -> [String] {
        values(of: name, atMost: .max)
    }

    private func values(of name: String, atMost most: Int) -> [String] {
        var values: [String] = []
        forEach { candidate, value in
            if values.count < most, areEqualNames(bytes[candidate], name.utf8) { values.append(text(value)) }
        }
        return values
    }

    private func forEach(_ body: (Range<Int>, Range<Int>) -> Void) {
        var start = 0
        while start < bytes.count {
            let name = start + Self.lengths..<start + Self.lengths + length(at: start)
            let value = name.upperBound..<name.upperBound + length(at: start + 4)
            body(name, value)
            start = value.upperBound
        }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func length(at index: Int) -> Int {
        Int(bytes[index]) | Int(bytes[index + 1]) << 8 | Int(bytes[index + 2]) << 16 | Int(bytes[index + 3]) << 24
    }

    // MARK: Collecting

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        last = nil
    }

    mutating func append(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        if bytes.isEmpty { bytes.reserveCapacity(512) }
        last = bytes.count
        let lengths = (UInt32(name.count).littleEndian, UInt32(value.count).littleEndian)
        withUnsafeBytes(of: lengths) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
    }

    /// Adds to the value of the last line, after a space.
    mutating func extend(by rest: some Collection<UInt8>) {
        guard let last else { return }
        let longer = length(at: last + 4) + 1 + rest.count
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: rest)
        for place in 0..<4 { bytes[last + 4 + place] = UInt8(truncatingIfNeeded: longer >> (8 * place)) }
    }
}

extension Header {
    /// Whether this is the header `name`, in whatever case.
    package func isNamed(_ name: String) -> Bool {
        areEqualNames(self.name.utf8, name.utf8)
    }
}

/// Names are ASCII and know no case (RFC 9110 §5.1). Nearly all are written alike, which is seen faster.
private func areEqualNames(_ one: some Collection<UInt8>, _ other: some Collection<UInt8>) -> Bool {
    one.count == other.count
        && (one.elementsEqual(other) || zip(one, other).allSatisfy { $0 == $1 || lowered($0) == lowered($1) })
}

private func lowered(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
}
