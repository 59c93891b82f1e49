// Values that more than one section of a configuration has.

import Foundation
import Model
import Yams

extension Section {
    /// The same in seconds.
    func seconds(_ key: String) -> Double? {
        duration(key).map { $0 / .seconds(1) }
    }

    func number(_ key: String, in allowed: ClosedRange<Double>) -> Double? {
        guard let node = node(key), let text = text(key) else { return nil }
        guard let number = Double(text), allowed.contains(number) else {
            let ends = (allowed.lowerBound.formatted(), allowed.upperBound.formatted())
            file.problem("`\(key)` is a number from \(ends.0) to \(ends.1), not `\(text)`", at: node)
            return nil
        }
        return number
    }

    /// One of a few words, each with what it stands for.
    func choice<Value>(_ key: String, among words: [String: Value]) -> Value? {
        guard let node = node(key), let text = text(key) else { return nil }
        guard let value = words[text] else {
            file.problem("`\(key)` is \(words.keys.sorted().joined(separator: " or ")), not `\(text)`", at: node)
            return nil
        }
        return value
    }

    func priority() -> Alert.Priority? {
        choice("priority", among: ["normal": .normal, "high": .high])
    }
}
