// A YAML file as nodes that know where they stand. Scalars stay as they were written: `no` is two letters here, and
// 12:30 is no number of seconds.

import FoundationEssentials
import Yams

/// A file that is being read, and what was found wrong with it so far.
final class YAMLFile {
    let path: String
    /// What relative paths in the file start from; absolute, since programs run in `/`.
    let folder: String
    let environment: [String: String]
    private(set) var problems: [Problem] = []
    private(set) var warnings: [Problem] = []
    private(set) var unmet: [Problem] = []
    private(set) var duplicates = Duplicates()

    /// Hundreds of thousands of sources; longer lists belong into files of their own.
    private static let largest = 64 << 20

    /// - Parameter environment: the process's; CREDENTIALS_DIRECTORY says where systemd's credentials are.
    init(path: String, environment: [String: String] = [:]) {
        self.path = path
        self.environment = environment
        folder = Self.folder(of: path)
    }

    private static func folder(of path: String) -> String {
        let written = path.lastIndex(of: "/").map { String(path[..<$0]) }
        guard !path.hasPrefix("/") else { return written ?? "" }
        let working = FileManager.default.currentDirectoryPath
        return written.map { working + "/" + $0 } ?? working
    }

    /// Something that makes the configuration wrong.
    func problem(_ message: String, at mark: Mark?) {
        problems.append(place(message, mark))
    }

    func problem(_ message: String, at node: Node, picture: String? = nil) {
        problems.append(place(message, node.mark, picture))
    }

    /// A problem in another file that this one names.
    func add(_ problem: Problem) {
        problems.append(problem)
    }

    /// All that was found in another file that this one names.
    func takeOver(_ other: YAMLFile) {
        problems += other.problems
        warnings += other.warnings
        unmet += other.unmet
    }

    /// Something that is right and perhaps not meant.
    func warning(_ message: String, at node: Node, picture: String? = nil) {
        warnings.append(place(message, node.mark, picture))
    }

    /// An example that its query or its engine does not hold to.
    func unmet(_ message: String, at node: Node) {
        unmet.append(place(message, node.mark))
    }

    private func place(_ message: String, _ mark: Mark?, _ picture: String? = nil) -> Problem {
        Problem(file: path, line: mark?.line ?? 0, column: mark?.column ?? 0, message: message, picture: picture)
    }

    /// A path as written in the file, made absolute.
    func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }

    /// A scalar as it was written; an empty one, a list or a section is a problem.
    func text(_ node: Node, of key: String) -> String? {
        if let text = node.scalar?.string, !text.isEmpty { return text }
        problem(node.scalar == nil ? "`\(key)` is a single value" : "`\(key)` is empty", at: node)
        return nil
    }

    /// A mapping's keys and values in order, without those whose key is no text or stands there twice.
    func entries(of mapping: Node.Mapping, what: String) -> [(name: String, key: Node, value: Node)] {
        mapping.compactMap { key, value in
            guard let name = key.scalar?.string else {
                problem("a key in \(what) is plain text", at: key)
                return nil
            }
            guard let original = duplicates.original(of: name) else { return (name, key, value) }
            problem("`\(original)` stands twice in \(what)", at: key)
            return nil
        }
    }

    /// The file's root section; `nil` when it is no YAML at all, with the reason among the problems.
    func root(knowing keys: [String]) -> Section? {
        contents().flatMap { root(of: $0, what: "a configuration", knowing: keys) }
    }

    /// The file's text; `nil` where there is none, with the reason among the problems.
    func contents() -> String? {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            problem("cannot be read", at: nil as Mark?)
            return nil
        }
        guard bytes.count <= Self.largest, let text = String(validating: bytes, as: UTF8.self) else {
            problem(bytes.count > Self.largest ? "is larger than 64 MiB" : "is not UTF-8", at: nil as Mark?)
            return nil
        }
        return text
    }

    /// The same of a text that is already there.
    ///
    /// - Parameter what: the file as a person would call it: "a configuration".
    func root(of text: String, what: String, knowing keys: [String]) -> Section? {
        guard let node = compose(text) else { return nil }
        return Section(node, in: self, what: what, knowing: keys)
    }

    /// Yams stops at the first mapping that has a key twice. To report the others, and all that is wrong beside them,
    /// the key is marked and the text composed again; `Section` finds the mark.
    private func compose(_ text: String) -> Node? {
        var text = text
        while true {
            do {
                if let node = try Yams.compose(yaml: text) { return node }
                problem("is empty", at: nil as Mark?)
            } catch YamlError.duplicatedKeysInMapping(_, let context) {
                if let marked = duplicates.marking(text, at: context.mark) {
                    text = marked
                    continue
                }
                problem("a key stands twice in one section", at: context.mark)
            } catch YamlError.scanner(_, let message, let mark, _), YamlError.parser(_, let message, let mark, _),
                YamlError.composer(_, let message, let mark, _)
            {
                problem("is not valid YAML: \(message)", at: mark)
            } catch {
                problem("is not valid YAML: \(error)", at: nil as Mark?)
            }
            return nil
        }
    }
}

/// Keys that stand twice in a section: of each pair, the first gets a private-use character of its own in place of its
/// first letter, so that the keys differ and every other place in the file stays where it is.
struct Duplicates {
    private var letters: [Unicode.Scalar: Unicode.Scalar] = [:]
    /// Beyond these, the rest waits for the next check.
    private static let most = 100

    /// The text with the key at this place marked.
    mutating func marking(_ text: String, at place: Mark) -> String? {
        guard letters.count < Self.most, let mark = Unicode.Scalar(0xF0000 + UInt32(letters.count)) else { return nil }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        guard lines.indices.contains(place.line - 1) else { return nil }
        var column = place.column - 1
        let line = lines[place.line - 1]
        if line.indices.contains(column), line[column] == "\"" || line[column] == "'" { column += 1 }
        guard line.indices.contains(column), letters[line[column]] == nil else { return nil }
        letters[mark] = line[column]
        lines[place.line - 1][column] = mark
        return lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
    }

    /// The key as it was written, if it is a marked one.
    func original(of key: String) -> String? {
        guard let mark = key.unicodeScalars.first, let letter = letters[mark] else { return nil }
        return String(letter) + key.unicodeScalars.dropFirst().map(String.init).joined()
    }
}
