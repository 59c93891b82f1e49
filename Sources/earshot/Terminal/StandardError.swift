// Lines for standard error, where everything goes that is not a command's result.

import Foundation

enum StandardError {
    /// One write for each call, so that lines of several threads do not mix.
    ///
    /// - Parameter style: applied to the text once nothing in it can act on the terminal any more.
    static func write(_ text: String, style: ((String) -> String)? = nil) {
        let text = Visible.text(text, keeping: "\n")
        try? FileHandle.standardError.write(contentsOf: Data(((style?(text) ?? text) + "\n").utf8))
    }
}
