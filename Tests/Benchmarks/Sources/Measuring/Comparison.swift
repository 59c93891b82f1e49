// A reader of ours against the library under it, over the same documents in the same run.

package import Foundation

/// How long the library and our ways of going through the same documents take.
package struct Comparison {
    package typealias Read = ([UInt8]) -> Int

    package let documents: [[UInt8]]
    /// Seconds of the library's best round.
    package private(set) var bare = Double.infinity
    /// The same of each of ours, under what it makes of a document.
    package private(set) var ours: [(name: String, seconds: Double)]
    /// What all of them have counted in a round: none can be left out by a compiler that sees through it.
    package private(set) var counted = 0

    private static let rounds = 10

    /// Measures in alternating rounds, so that a busy moment of the machine hits all.
    /// - Parameters:
    ///   - bare: what the library alone does with a document.
    ///   - ours: what we do with it, under a name.
    package init(
        over documents: [[UInt8]], bare: (UnsafePointer<CChar>, Int) -> Int, ours: KeyValuePairs<String, Read>
    ) {
        self.documents = documents
        self.ours = ours.map { ($0.key, .infinity) }
        for _ in 0..<Self.rounds {
            counted = 0
            self.bare = min(self.bare, measure(documents) { Self.count($0, bare) })
            for (index, way) in ours.enumerated() {
                self.ours[index].seconds = min(self.ours[index].seconds, measure(documents, way.value))
            }
        }
    }

    private mutating func measure(_ documents: [[UInt8]], _ read: Read) -> Double {
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

    /// What was read, and a line for each way of how fast.
    /// - Parameters:
    ///   - kind: what the documents are.
    ///   - pass: what the library alone did.
    package func report(_ kind: String, _ pass: String) -> String {
        let head = "\(documents.count) \(kind), \(bytes) bytes, \(counted) counted\n\(pass) \(rate(bare)) MB/s"
        return ours.reduce(head) { $0 + "\n\($1.name) \(rate($1.seconds)) MB/s: \(rounded(bare / $1.seconds)) of it" }
    }
}

/// The files of the folder that the program was given, without those of another kind; `nil` if it was given none.
package func givenFiles(where isWanted: (URL) -> Bool) -> [[UInt8]]? {
    guard CommandLine.arguments.count > 1 else { return nil }
    let folder = URL(fileURLWithPath: CommandLine.arguments[1])
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter(isWanted).compactMap { try? [UInt8](Data(contentsOf: $0)) }
}
