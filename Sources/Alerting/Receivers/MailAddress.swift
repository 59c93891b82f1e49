// Addresses of people, as they are written in headers and configurations.

/// One mail address, with the name that goes with it.
package struct MailAddress: Sendable, Equatable {
    package let name: String?
    /// `local@domain`, ASCII.
    package let address: String

    /// The longest path that RFC 5321 §4.5.3.1.3 knows, in bytes, without its brackets.
    private static let longest = 254

    /// - Parameter text: `webcare@example.com` or `Webcare <webcare@example.com>`. `nil` when it is neither: local part
    ///   and domain are dot-atoms (RFC 5322 §3.4.1), so that nothing in them can end a header or a command.
    package init?(_ text: String) {
        var name: String?
        var address = Substring(text)
        if let open = text.lastIndex(of: "<"), text.last == ">" {
            name = text[..<open].trimmingSpaces
            address = text[text.index(after: open)...].dropLast()
        }
        guard name?.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) != true else {
            return nil
        }
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isDotAtom), address.utf8.count <= Self.longest else { return nil }
        self.name = name?.isEmpty == true ? nil : name
        self.address = String(address)
    }

    /// Letters, digits and the marks of RFC 5322 §3.2.3, with single dots between them.
    private static func isDotAtom(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty
                && atom.unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII
                        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                            || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar))
                }
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        let trimmed = drop { $0 == " " || $0 == "\"" }
        return String(trimmed.reversed().drop { $0 == " " || $0 == "\"" }.reversed())
    }
}
