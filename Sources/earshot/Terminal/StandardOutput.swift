// Lines for standard output, as they come: whoever reads along through a pipe should not wait for a full buffer.

import Foundation

enum StandardOutput {
    /// Writes one line at once.
    ///
    /// - Throws: when whoever read along has gone.
    static func write(_ line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }
}
