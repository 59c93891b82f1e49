// Ratings as sites write them: "5", 4.8, "5.0 out of 5 stars", "5 из 5 звезд", "8,5/10", "★★★★☆", a class such as
// "stars_4".

/// A rating and, where the text says so, the best there can be.
struct Rating: Equatable {
    var value: Double
    var scale: Double?

    init(value: Double, scale: Double? = nil) {
        self.value = value
        self.scale = scale
    }

    /// `nil` for a text without a number or a star in it, and for values that no rating has.
    init?(_ text: String) {
        let text = text.prefix(200)
        if let stars = Self.stars(text) {
            self = stars
            return
        }
        let numbers = Self.numbers(text)
        guard let first = numbers.first, (0...100).contains(first) else { return nil }
        value = first
        // The second number is the scale where it can be one.
        if numbers.count > 1, numbers[1] >= first, [1, 3, 4, 5, 6, 10, 20, 50, 100].contains(numbers[1]) {
            scale = numbers[1]
        } else if text.contains("%") {
            scale = 100
        }
    }

    private static func stars(_ text: Substring) -> Rating? {
        let full = text.count { $0 == "★" || $0 == "⭐" }
        let empty = text.count { $0 == "☆" }
        guard full + empty >= 2 || full == 1 else { return nil }
        return Rating(value: Double(full), scale: full + empty > 1 ? Double(full + empty) : nil)
    }

    private static func numbers(_ text: Substring) -> [Double] {
        var numbers: [Double] = []
        var digits = ""
        for character in text + " " {
            if character.isASCII, character.isNumber {
                digits.append(character)
            } else if character == "." || character == ",", !digits.isEmpty, !digits.contains(".") {
                digits.append(".")
            } else if !digits.isEmpty {
                if digits.hasSuffix(".") { digits.removeLast() }
                if digits.utf8.count <= 12, let number = Double(digits) { numbers.append(number) }
                digits = ""
            }
        }
        return numbers
    }
}
