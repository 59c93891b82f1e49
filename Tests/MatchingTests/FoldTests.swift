// The fold table against Foundation's Unicode data, scalar by scalar.

import Foundation
import Simulation
import Testing

@testable import Matching

@Suite struct FoldTests {
    private func folded(_ text: String) -> [[UInt8]] {
        let bytes = Array(text.utf8)
        var folded: [UInt8] = []
        let words = FoundWord.all(in: bytes, bytes.indices, wildcards: false, &folded)
        return words.map { Array(folded[$0.folded]) }
    }

    @Test func everyLetterFoldsAsItsDecompositionDoes() {
        let letters = (UInt32(0x80)...0x3_2000).compactMap(Unicode.Scalar.init).filter(\.properties.isAlphabetic)
        let wrong = letters.map(String.init).filter { folded($0) != folded($0.decomposedStringWithCanonicalMapping) }
        #expect(wrong == [])
    }

    @Test func everyLetterFoldsAsItsUpperAndLowerCaseDo() {
        let letters = (UInt32(0x41)...0x1_F000).compactMap(Unicode.Scalar.init).filter(\.properties.isCased)
        let wrong = letters.filter { letter in
            // ŉ is an n, though its apostrophe separates in capitals; a Greek iota below is an accent, though it is a
            // letter in capitals.
            let hasIotaBelow = letter.properties.uppercaseMapping.unicodeScalars.contains("\u{399}")
            guard letter != "ŉ", !hasIotaBelow || letter == "Ι" || letter == "ι" else { return false }
            let cases = [letter.properties.uppercaseMapping, letter.properties.lowercaseMapping]
            return cases.contains { folded($0) != folded(String(letter)) }
        }
        #expect(wrong == [])
    }

    @Test(
        "Folded alike",
        arguments: [
            ("Één", "een"), ("ŁÓDŹ", "lodz"), ("Straße", "STRASSE"), ("ĳs", "IJS"), ("ﬁets", "fiets"), ("ＫＬＭ", "klm"),
            ("İstanbul", "istanbul"), ("Đorđe", "dorde"), ("ΟΔΌΣ", "οδος"), ("Ⓚlm", "klm"), ("Ångström", "ångstrom"),
            ("한국", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}"), ("ｶﾞｽ", "ガス"), ("が", "か\u{3099}"),
            ("ÆRØ", "ærø"),
        ])
    func alike(one: String, other: String) {
        #expect(folded(one) == folded(other))
    }

    @Test(
        "Kept apart", arguments: [("が", "か"), ("Аpple", "Apple"), ("ハス", "バス"), ("ae", "æ"), ("😡", "😠"), ("🇳🇱", "🇧🇪")])
    func apart(one: String, other: String) {
        #expect(folded(one) != folded(other))
    }

    @Test func theScannerFoldsAsTheCarefulReaderDoes() {
        var maker = Maker(dice: Dice(seed: 77))
        for _ in 0..<3000 {
            let text = maker.text(20)
            var list = WordList()
            list.begin()
            _ = list.append(text)
            list.scan(hash: .stable)
            let words = (0..<list.count).filter { !list.isBorder($0) }
            #expect(words.map { list.bytes($0) } == folded(text))
            for word in words {
                let bytes = list.bytes(word)
                let padded = bytes + Array(repeating: 0, count: 8)
                #expect(list.words[word].hash == WordHash.stable(padded.span.bytes, from: 0, length: bytes.count))
            }
        }
    }
}
