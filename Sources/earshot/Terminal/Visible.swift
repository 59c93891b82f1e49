// Strangers' texts on a terminal: nothing in them may move the cursor, recolour, or turn the reading direction.

/// Makes what a terminal would obey visible instead.
enum Visible {
    /// - Parameter keeping: control characters that the caller itself put there.
    static func text(_ text: String, keeping: String = "") -> String {
        guard text.unicodeScalars.contains(where: { isCommand($0) && !keeping.unicodeScalars.contains($0) }) else {
            return text
        }
        return text.unicodeScalars.map { scalar in
            guard isCommand(scalar), !keeping.unicodeScalars.contains(scalar) else { return String(scalar) }
            return "\\u{" + String(scalar.value, radix: 16) + "}"
        }.joined()
    }

    /// C0, DEL and C1, line and paragraph separators, and the directional overrides (UAX #9).
    static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
