// Secrets and what they travel in: a file of its own for each, and headers that name one.

import Foundation
import Model
import Yams

extension Section {
    /// Request headers; `Authorization_file` takes its value from a file.
    func headers() -> [Header] {
        texts("headers").compactMap { name, place, value in
            var header = Header(name, value)
            if name.hasSuffix("_file") {
                guard let secret = file.secret(at: value, node: place) else { return nil }
                header = Header(String(name.dropLast(5)), secret)
            }
            guard header.isSafe else {
                file.problem("`\(header.name)` is not a header that can be sent", at: place)
                return nil
            }
            return header
        }
    }
}

extension Header {
    /// A token as a name, and no control characters in the value (RFC 9110, 5.1 and 5.5).
    var isSafe: Bool {
        let marks = "!#$%&'*+-.^_`|~"
        return !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || marks.contains($0)) }
            && !value.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }
    }
}

extension YAMLFile {
    private static let credentials = "$CREDENTIALS_DIRECTORY"

    /// The one line of a secret's file, at most 64 KiB, without white space around it.
    ///
    /// - Parameter path: as it is written; `$CREDENTIALS_DIRECTORY/…` is one that systemd hands to the service
    ///   (LoadCredential= in systemd.exec(5)).
    func secret(at path: String, node: Node) -> String? {
        guard let path = secretPath(path, node: node) else { return nil }
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= 65_536,
            let text = String(validating: bytes, as: UTF8.self)
        else {
            problem("\(path): cannot be read as a secret's file", at: node)
            return nil
        }
        let lines = text.trimmingCharacters(in: .whitespacesAndNewlines).split(whereSeparator: \.isNewline)
        guard let line = lines.first, lines.count == 1 else {
            problem("\(path): a secret's file holds one line", at: node)
            return nil
        }
        return String(line)
    }

    private func secretPath(_ path: String, node: Node) -> String? {
        guard path.hasPrefix(Self.credentials) else { return resolve(path) }
        guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
            problem(
                "\(path) is only there when systemd starts Earshot; to run this by hand, set CREDENTIALS_DIRECTORY to a folder that holds such a file",
                at: node)
            return nil
        }
        return folder + path.dropFirst(Self.credentials.count)
    }
}
