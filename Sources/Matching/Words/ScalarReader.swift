// The careful half of the word scanner: reads gaps and words scalar by scalar, with all the word rules of the query
// language. Also reads the words of a query, where `*` and `?` are part of a word.

struct ScalarReader {
    var position: Int
    let end: Int
    /// Whether `*` and `?` are wildcards here: in queries, never in documents.
    var wildcards = false

    /// Stand for `*` and `?` among the folded bytes of a query's word; no folded word holds them.
    static let anyRun: UInt8 = 1
    static let anyLetter: UInt8 = 2

    init(position: Int, end: Int) {
        self.position = position
        self.end = end
    }

    /// Moves to the next character that starts a word, or to the end.
    ///
    /// - Returns: whether a blank line was crossed: two line breaks with nothing but white space between them.
    mutating func skipGap(_ text: Span<UInt8>, _ table: borrowing ScalarTable) -> Bool {
        var breaks = 0
        while position < end {
            let (scalar, length) = decode(text, position)
            switch kind(scalar, table) {
            case .lineBreak where scalar == 0x0D && position + 1 < end && text[position + 1] == 0x0A: break
            case .lineBreak: breaks += 1
            case .paragraphBreak: breaks = 2
            case .space, .invisible, .joiner, .accent, .soundMark, .tag, .skinTone: break
            case .separator: breaks = breaks >= 2 ? 2 : 0
            case .letter, .single, .emoji, .regionalIndicator: return breaks >= 2
            }
            position += length
        }
        return breaks >= 2
    }

    /// Reads the word at the current position, appending its folded bytes and eight zeros.
    ///
    /// - Returns: the word; its length is 0 when none starts here.
    mutating func readWord(_ text: Span<UInt8>, _ table: borrowing ScalarTable, _ folded: inout [UInt8]) -> Word {
        let start = position
        let fold = folded.count
        let (scalar, length) = decode(text, position)
        var wordEnd = position + length
        position = wordEnd
        switch kind(scalar, table) {
        case .emoji: wordEnd = readEmoji(scalar, text, table, &folded)
        case .regionalIndicator: wordEnd = readFlag(scalar, text, table, &folded)
        case .single:
            append(scalar, table, &folded)
            wordEnd = readMarks(text, table, &folded)
        case .letter:
            append(scalar, table, &folded)
            wordEnd = readLetters(text, table, &folded)
        default: return Word(start: start, end: wordEnd, fold: 0, length: 0)
        }
        let count = folded.count - fold
        folded.append(contentsOf: repeatElement(0, count: 8))
        return Word(start: start, end: wordEnd, fold: fold, length: count)
    }

    /// Reads the rest of a word of letters.
    ///
    /// - Returns: where the word ends, invisible characters behind it left out.
    private mutating func readLetters(
        _ text: Span<UInt8>, _ table: borrowing ScalarTable, _ folded: inout [UInt8]
    ) -> Int {
        var wordEnd = position
        while position < end {
            let byte = text[position]
            if byte < 0x80, !wildcards {
                guard isASCIIWordByte(byte) else { return wordEnd }
                folded.append(byte | 0x20)
                position += 1
                wordEnd = position
                continue
            }
            let (scalar, length) = decode(text, position)
            switch kind(scalar, table) {
            case .letter, .soundMark:
                append(scalar, table, &folded)
                wordEnd = position + length
            case .accent: wordEnd = position + length
            case .invisible, .joiner, .tag: break
            default: return wordEnd
            }
            position += length
        }
        return wordEnd
    }

    /// Reads the marks behind an ideograph or kana, the vowel signs behind a Thai letter.
    private mutating func readMarks(
        _ text: Span<UInt8>, _ table: borrowing ScalarTable, _ folded: inout [UInt8]
    ) -> Int {
        var wordEnd = position
        while position < end {
            let (scalar, length) = decode(text, position)
            switch kind(scalar, table) {
            case .soundMark: append(scalar, table, &folded)
            case .letter where table.isSign(scalar): append(scalar, table, &folded)
            case .accent: break
            case .invisible, .joiner, .tag:
                position += length
                continue
            default: return wordEnd
            }
            position += length
            wordEnd = position
        }
        return wordEnd
    }

    /// Reads the rest of an emoji: selectors and skin tones vanish, joined emoji and tags belong to it.
    private mutating func readEmoji(
        _ first: UInt32, _ text: Span<UInt8>, _ table: borrowing ScalarTable, _ folded: inout [UInt8]
    ) -> Int {
        var wordEnd = position
        appendUTF8(first, &folded)
        while position < end {
            let (scalar, length) = decode(text, position)
            switch kind(scalar, table) {
            case .skinTone, .accent: break
            case .invisible where (0xFE00...0xFE0F).contains(scalar): break
            case .tag: appendUTF8(scalar, &folded)
            case .joiner:
                guard position + length < end else { return wordEnd }
                let (next, nextLength) = decode(text, position + length)
                guard kind(next, table) == .emoji else { return wordEnd }
                appendUTF8(scalar, &folded)
                appendUTF8(next, &folded)
                position += nextLength
            default: return wordEnd
            }
            position += length
            wordEnd = position
        }
        return wordEnd
    }

    /// Reads the second half of a flag, if there is one.
    private mutating func readFlag(
        _ first: UInt32, _ text: Span<UInt8>, _ table: borrowing ScalarTable, _ folded: inout [UInt8]
    ) -> Int {
        appendUTF8(first, &folded)
        if position < end {
            let (scalar, length) = decode(text, position)
            if kind(scalar, table) == .regionalIndicator {
                appendUTF8(scalar, &folded)
                position += length
            }
        }
        return readMarks(text, table, &folded)
    }

    private func kind(_ scalar: UInt32, _ table: borrowing ScalarTable) -> ScalarClass {
        if wildcards, scalar == 0x2A || scalar == 0x3F { return .letter }
        return table[scalar].kind
    }

    private func append(_ scalar: UInt32, _ table: borrowing ScalarTable, _ folded: inout [UInt8]) {
        if wildcards, scalar == 0x2A || scalar == 0x3F {
            folded.append(scalar == 0x2A ? Self.anyRun : Self.anyLetter)
            return
        }
        let entry = table[scalar]
        if entry.isSeveral {
            for image in table.images[Int(entry.image)] { appendLetter(image, &folded) }
        } else {
            appendLetter(entry.image == 0 ? scalar : entry.image, &folded)
        }
    }
}
