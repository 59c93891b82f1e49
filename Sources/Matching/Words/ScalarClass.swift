// Which class a scalar is of: the word rules of the query language, decided from Unicode properties. Used only while
// the scalar table is built.

extension ScalarClass {
    /// - Parameter folds: whether the fold table has an image for it, which makes some symbols (㎏) part of a word.
    init(of scalar: Unicode.Scalar, folds: Bool) {
        if let byHand = Self.byHand(scalar.value) {
            self = byHand
        } else if Self.isAlone(scalar) {
            self = .single
        } else {
            self = Self.byCategory(scalar, folds: folds)
        }
    }

    private static func byHand(_ value: UInt32) -> ScalarClass? {
        switch value {
        case 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028: .lineBreak
        case 0x2029: .paragraphBreak
        case 0x200D: .joiner
        case 0x3099, 0x309A: .soundMark
        // Tibetan vowel signs that decompose to marks which vanish.
        case 0x0F73, 0x0F75, 0x0F81: .accent
        case 0x1F1E6...0x1F1FF: .regionalIndicator
        case 0x1F3FB...0x1F3FF: .skinTone
        case 0xE0020...0xE007F: .tag
        // Apostrophes that Unicode counts among the letters.
        case 0x02BB, 0x02BC, 0x07F4, 0x07F5, 0xFF07: .separator
        // © and ® are emoji by property, but are written behind names.
        case 0xA9, 0xAE, 0x2122: .separator
        default: nil
        }
    }

    /// Scripts written without spaces: each character is a word, so that a phrase finds any part of a run.
    private static func isAlone(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Thai, Lao, Myanmar, Khmer: their letters; vowel signs and tone marks stay with the letter before them.
        case 0x0E01...0x0E30, 0x0E32, 0x0E33, 0x0E40...0x0E46, 0x0E81...0x0EB0, 0x0EB2, 0x0EB3, 0x0EC0...0x0EC6,
            0x1000...0x102A, 0x1780...0x17B3:
            true
        // Ideographic marks, kana, Bopomofo, kana extensions, half-width kana.
        case 0x3005, 0x3007, 0x303B, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF,
            0x3105...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF, 0xFF66...0xFF9D, 0x1AFF0...0x1B16F:
            true
        default: scalar.properties.isIdeographic && isLetterOrNumber(scalar)
        }
    }

    private static func byCategory(_ scalar: Unicode.Scalar, folds: Bool) -> ScalarClass {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .unassigned, .privateUse, .surrogate: return .separator
        case .enclosingMark: return .accent
        case .nonspacingMark, .spacingMark:
            if properties.isDefaultIgnorableCodePoint { return .invisible }
            if scalar.value == 0xFF9E || scalar.value == 0xFF9F { return .soundMark }
            return properties.canonicalCombiningClass == .notReordered ? .letter : .accent
        case .format: return .invisible
        case .control: return scalar == "\t" ? .space : .separator
        case .spaceSeparator: return .space
        case _ where properties.isDefaultIgnorableCodePoint: return .invisible
        case .modifierLetter where scalar.value == 0xFF9E || scalar.value == 0xFF9F: return .soundMark
        case _ where isLetterOrNumber(scalar) || folds || scalar == "_": return .letter
        case .otherSymbol, .mathSymbol: return properties.isEmoji ? .emoji : .separator
        default: return .separator
        }
    }

    private static func isLetterOrNumber(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            true
        default: false
        }
    }
}
