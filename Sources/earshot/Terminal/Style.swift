// Colours, and only where a person sees them.

import Foundation
import Glibc

/// How a terminal shows what stands out; plain elsewhere.
struct Style: Sendable {
    private let isColoured: Bool

    /// Colours on a terminal, unless NO_COLOR is set (no-color.org).
    init(descriptor: Int32 = STDOUT_FILENO, environment: [String: String] = ProcessInfo.processInfo.environment) {
        isColoured = isatty(descriptor) == 1 && environment["NO_COLOR", default: ""].isEmpty
    }

    func bold(_ text: String) -> String { wrap(text, "1") }
    func faint(_ text: String) -> String { wrap(text, "2") }
    func match(_ text: String) -> String { wrap(text, "1;33") }
    func good(_ text: String) -> String { wrap(text, "32") }
    func bad(_ text: String) -> String { wrap(text, "31") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
