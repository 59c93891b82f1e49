// A reader of ours against the library under it, over the same documents in the same run.

package import Foundation

/// How long two ways of going through the same documents take.
package struct Comparison {
    package let documents: [[UInt8]]
    /// Seconds of the best round.
    package private(set) var bare = Double.infinity
    package private(set) var whole = Double.infinity
    /// What the two have counted in a round: neither can be left out by a compiler that sees through it.
    package private(set) var counted = 0

    private static let rounds = 5

    /// Measures in alternating rounds, so that a busy moment of the machine hits both.
    /// - Parameters:
    ///   - bare: what the library alone does with a document.
    ///   - whole: what we do with it.
    package init(
        over documents: [[UInt8]], bare: (UnsafePointer<CChar>, Int) -> Int, whole: ([UInt8]) -> Int
    ) {
        self.documents = documents
        for _ in 0..<Self.rounds {
            counted = 0
            self.bare = min(self.bare, measure(documents) { Self.count($0, bare) })
            self.whole = min(self.whole, measure(documents, whole))
        }
    }

    private mutating func measure(_ documents: [[UInt8]], _ read: ([UInt8]) -> Int) -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        for document in documents { counted += read(document) }
        return (clock.now - start) / .seconds(1)
    }

    private static func count(_ document: [UInt8], _ read: (UnsafePointer<CChar>, Int) -> Int) -> Int {
        document.withUnsafeBytes { bytes in
            bytes.baseAddress.map { read($0.assumingMemoryBound(to: CChar.self), bytes.count) } ?? 0
        }
    }

    package var bytes: Int { documents.reduce(0) { $0 + $1.count } }

    /// Megabytes a second.
    package func rate(_ seconds: Double) -> Double { rounded(Double(bytes) / seconds / 1e6, 10) }

    /// Two lines: what was read, and how fast.
    /// - Parameters:
    ///   - kind: what the documents are.
    ///   - pass: what the library alone did.
    package func report(_ kind: String, _ pass: String) -> String {
        """
        \(documents.count) \(kind), \(bytes) bytes, \(counted) counted
        \(pass) \(rate(bare)) MB/s, bytes to entries \(rate(whole)) MB/s: \(rounded(bare / whole))
        """
    }
}

/// The files of the folder that the program was given, without those of another kind; `nil` if it was given none.
package func givenFiles(where isWanted: (URL) -> Bool) -> [[UInt8]]? {
    guard CommandLine.arguments.count > 1 else { return nil }
    let folder = URL(fileURLWithPath: CommandLine.arguments[1])
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter(isWanted).compactMap { try? [UInt8](Data(contentsOf: $0)) }
}
