// Writes Sources/Matching/Words/FoldTable.swift from Foundation's Unicode data. Run it again when Unicode grows:
//     swift run --package-path Tests/Benchmarks FoldTable > Sources/Matching/Words/FoldTable.swift
//
// The fold of a scalar is NFKD, without marks, through full case folding, until nothing changes, plus ı ø ł đ (and ŉ ŀ
// without their punctuation).
// Scalars are left out, and so fold to themselves, when the fold would hold something that is not part of a word
// (½ would become 1⁄2) or when the scalar separates words (™).

import Foundation

let byHand: [UInt32: String] = [0x131: "i", 0xF8: "o", 0x142: "l", 0x111: "d", 0x149: "n", 0x13F: "l", 0x140: "l"]

/// Marks that carry no letter: those that reorder canonically, and enclosing ones. Vowel signs of Indic scripts do not
/// reorder and stay; so do the voiced sound marks of kana, which make another letter.
func isStripped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .enclosingMark: true
    case .nonspacingMark, .spacingMark:
        scalar.properties.canonicalCombiningClass != .notReordered && ![0x3099, 0x309A].contains(scalar.value)
    default: false
    }
}

func foldOnce(_ text: String) -> String {
    text.decomposedStringWithCompatibilityMapping.unicodeScalars.reduce(into: "") { folded, scalar in
        guard !isStripped(scalar) else { return }
        if let image = byHand[scalar.value] {
            folded += image
        } else {
            folded += scalar.properties.uppercaseMapping.lowercased()
        }
    }
}

func fold(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if let image = byHand[scalar.value] { return Array(image.unicodeScalars) }
    var text = String(scalar)
    while true {
        let next = foldOnce(text)
        if next.unicodeScalars.elementsEqual(text.unicodeScalars) { return Array(next.unicodeScalars) }
        text = next
    }
}

func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
        true
    default: scalar == "_"
    }
}

func isIdeographic(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isIdeographic || (0x3041...0x30FF).contains(scalar.value)
}

func hasFold(_ scalar: Unicode.Scalar, _ image: [Unicode.Scalar]) -> Bool {
    guard image != [scalar], !image.isEmpty, image.allSatisfy(isWordPart) else { return false }
    if isWordPart(scalar) { return true }
    let isSymbol = scalar.properties.generalCategory == .otherSymbol
    let standsAlone = scalar.properties.isEmoji && !scalar.properties.isAlphabetic
    return image == ["_"]
        || (isSymbol && !standsAlone && ![0x2120, 0x2122].contains(scalar.value)
            && !image.contains(where: isIdeographic))
}

let folds: [(scalar: UInt32, image: [UInt32])] = (UInt32(0x80)...0x10FFFF).compactMap { value in
    guard let scalar = Unicode.Scalar(value), !(0xAC00...0xD7A3).contains(value), !isStripped(scalar) else {
        return nil
    }
    let image = fold(scalar)
    return hasFold(scalar, image) ? (value, image.map(\.value)) : nil
}

/// How many entries from `index` on form one run: scalars `step` apart whose images are `rise` apart.
func run(from index: Int, step: UInt32, rise: UInt32) -> Int {
    var end = index + 1
    while end < folds.count, folds[end].scalar == folds[end - 1].scalar + step, folds[end].image.count == 1,
        folds[end].image[0] == folds[end - 1].image[0] &+ rise
    {
        end += 1
    }
    return end - index
}

func hex(_ value: UInt32) -> String { String(value, radix: 16) }

var entries: [String] = []
var index = 0
while index < folds.count {
    let (scalar, image) = folds[index]
    let shapes: [(step: UInt32, rise: UInt32)] = image.count == 1 ? [(1, 0), (1, 1), (2, 2)] : []
    let best = shapes.map { (shape: $0, count: run(from: index, step: $0.step, rise: $0.rise)) }.max {
        $0.count < $1.count
    }
    if let best, best.count > 1 {
        entries.append(
            "\(hex(scalar))*\(hex(UInt32(best.count)))\(["=", "+", "%"][Int(best.shape.rise)])\(hex(image[0]))")
        index += best.count
    } else {
        entries.append("\(hex(scalar))=\(image.map(hex).joined(separator: "."))")
        index += 1
    }
}

var lines = [""]
for entry in entries {
    if lines[lines.count - 1].count + entry.count > 110 { lines.append("") }
    lines[lines.count - 1] += lines[lines.count - 1].isEmpty ? entry : " " + entry
}
print(
    """
    // What each scalar folds to, for those that do not fold to themselves. Made by Tests/Benchmarks/Sources/FoldTable,
    // which holds the rule; a test compares it with Foundation's decompositions. Never edited by hand.

    /// Entries `SCALAR=IMAGE`, `SCALAR*COUNT=IMAGE` (all to one image), `SCALAR*COUNT+IMAGE` (images rise with the
    /// scalars) and `SCALAR*COUNT%IMAGE` (every second scalar, images rise by two); numbers are hexadecimal, and the
    /// scalars of an image are separated by dots. Hangul syllables are not here: they fold to themselves.
    let foldTable = \"\"\"
    """)
for line in lines { print("    \(line)") }
print("    \"\"\"")
