// UTF-8 to scalars and back, and Hangul put together, for the word scanner.

/// Reads the scalar at `offset` of text that is valid UTF-8; what is not gives U+FFFD and moves on one byte.
@inline(__always)
func decode(_ text: Span<UInt8>, _ offset: Int) -> (scalar: UInt32, length: Int) {
    let first = UInt32(text[offset])
    if first < 0x80 { return (first, 1) }
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first < 0xF5, offset + length <= text.count else { return (0xFFFD, 1) }
    var scalar = first & (0x7F >> UInt32(length))
    for index in 1..<length { scalar = scalar << 6 | UInt32(text[offset + index] & 0x3F) }
    return scalar <= 0x10FFFF ? (scalar, length) : (0xFFFD, 1)
}

/// Appends a scalar's UTF-8 (RFC 3629 §3).
@inline(__always)
func appendUTF8(_ scalar: UInt32, _ bytes: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: scalar >> shift & 0x3F | 0x80) }
    if scalar < 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: scalar))
    } else if scalar < 0x800 {
        bytes.append(UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0))
        bytes.append(tail(0))
    } else if scalar < 0x10000 {
        bytes.append(UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0))
        bytes.append(tail(6))
        bytes.append(tail(0))
    } else {
        bytes.append(UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0))
        bytes.append(tail(12))
        bytes.append(tail(6))
        bytes.append(tail(0))
    }
}

/// Appends a folded scalar. Hangul letters that follow each other become a syllable (Unicode 3.12), so that a syllable
/// is one letter however it was written.
func appendLetter(_ scalar: UInt32, _ bytes: inout [UInt8]) {
    if (0x1161...0x1175).contains(scalar) || (0x11A8...0x11C2).contains(scalar), bytes.count >= 3,
        let syllable = hangulSyllable(bytes, behind: scalar)
    {
        bytes.removeLast(3)
        appendUTF8(syllable, &bytes)
    } else {
        appendUTF8(scalar, &bytes)
    }
}

/// The syllable that the last scalar of `bytes` and the letter behind it make, if they do.
private func hangulSyllable(_ bytes: [UInt8], behind scalar: UInt32) -> UInt32? {
    let last = decode(bytes.span, bytes.count - 3)
    guard last.length == 3 else { return nil }
    if (0x1161...0x1175).contains(scalar) {
        guard (0x1100...0x1112).contains(last.scalar) else { return nil }
        return 0xAC00 + ((last.scalar - 0x1100) * 21 + (scalar - 0x1161)) * 28
    }
    guard (0xAC00...0xD7A3).contains(last.scalar), (last.scalar - 0xAC00) % 28 == 0 else { return nil }
    return last.scalar + (scalar - 0x11A7)
}
