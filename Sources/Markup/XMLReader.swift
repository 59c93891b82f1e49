// XML as a stream of fields: an element opens, the reader says what it wants of its inside, the element closes with its
// text. What is read has been repaired before, so that a tag is a tag and every value stands in quotes; the pass itself
// is XMLPass. Every span and all attributes are good for the length of one call.

/// What is wanted of an element's inside.
package enum XMLInside {
    /// The elements in it, each reported.
    case elements
    /// The elements in it, each reported, and the text between them.
    case mixed
    /// Its text; elements in it are written into the text as tags.
    case text
    /// Its inside as markup: the same, with the text between the tags escaped.
    case markup
    /// Nothing.
    case nothing

    var reportsElements: Bool { self == .elements || self == .mixed }
    var writesElements: Bool { self == .text || self == .markup }
}

/// How a pass over a document ended.
package struct XMLOutcome: Sendable {
    /// Names with a prefix that nothing declares.
    package var undeclared = 0
    /// Texts longer than the limit, cut off there.
    package var cutTexts = 0
    /// Whether a limit ended the pass before the document ended.
    package var isCutShort = false
}

/// The attributes of one element. Only for use inside the call that hands them over.
package struct XMLAttributes {
    /// One of them, as ranges of the tags. The prefix is empty where there is none.
    struct Attribute {
        var prefix: Range<Int>
        var name: Range<Int>
        var value: Range<Int>
    }

    private let tags: [UInt8]
    private(set) var list: [Attribute] = []

    init(in tags: [UInt8]) {
        self.tags = tags
    }

    mutating func append(_ attribute: Attribute) { list.append(attribute) }

    mutating func removeAll() { list.removeAll(keepingCapacity: true) }

    package var isEmpty: Bool { list.isEmpty }

    /// The value of the attribute without a prefix of that name, which is given in lower case and found in any.
    package subscript(_ name: StaticString) -> String? {
        value(prefix: "", name)
    }

    /// The same with a prefix: `attributes["xml", "base"]`.
    package subscript(_ prefix: StaticString, _ name: StaticString) -> String? {
        value(prefix: prefix, name)
    }

    /// Every attribute, under its name in lower case, without its prefix.
    package var all: [String: String] {
        var all: [String: String] = [:]
        for attribute in list { all[tags.span.text(in: attribute.name).lowercased()] = text(of: attribute) }
        return all
    }

    private func value(prefix: StaticString, _ name: StaticString) -> String? {
        let tags = tags.span
        for attribute in list
        where attribute.name.count == name.utf8CodeUnitCount && attribute.prefix.count == prefix.utf8CodeUnitCount
            && tags.hasIgnoringCase(name, at: attribute.name.lowerBound)
            && tags.hasIgnoringCase(prefix, at: attribute.prefix.lowerBound)
        {
            return text(of: attribute)
        }
        return nil
    }

    private func text(of attribute: Attribute) -> String {
        let tags = tags.span
        let isPlain = attribute.value.allSatisfy { tags[$0] >= 0x20 && tags[$0] != Byte.ampersand }
        return isPlain ? tags.text(in: attribute.value) : String(decoding: bytes(of: attribute), as: UTF8.self)
    }

    /// The value as XML 1.0, 3.3.3 has it: references resolved, every line end and tab a space.
    func bytes(of attribute: Attribute) -> [UInt8] {
        let tags = tags.span.extracting(attribute.value)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tags.count)
        var index = 0
        while index < tags.count {
            let byte = tags[index]
            if byte == Byte.ampersand {
                let found = CharacterReference.look(tags, at: index)
                bytes.append(contentsOf: (found.scalar ?? "&").utf8)
                index = found.end
            } else {
                let isLineEnd = byte == Byte.carriageReturn && index + 1 < tags.count && tags[index + 1] == Byte.newline
                bytes.append(Byte.isSpace(byte) ? Byte.space : byte)
                index += isLineEnd ? 2 : 1
            }
        }
        return bytes
    }
}

/// Reads repaired XML.
package struct XMLReader {
    /// Gives a name a number of the caller's choice; asked once for (nearly) every distinct name of a document.
    /// The namespace and the prefix may be empty.
    package typealias Name = (_ space: Span<UInt8>, _ prefix: Span<UInt8>, _ local: Span<UInt8>) -> Int32
    package typealias Open = (_ name: Int32, _ attributes: XMLAttributes) -> XMLInside
    package typealias Close = (_ name: Int32, _ text: Span<UInt8>) -> Void

    let name: Name
    let open: Open
    let close: Close

    package init(name: @escaping Name, open: @escaping Open, close: @escaping Close) {
        self.name = name
        self.open = open
        self.close = close
    }

    /// Reads one document to its end. Every element that opens also closes.
    /// - Parameter textLimit: the most bytes collected for one element.
    package func read(_ document: RepairedXML, textLimit: Int) -> XMLOutcome {
        var pass = XMLPass(self, document.tags, textLimit: textLimit)
        pass.run(document)
        return pass.outcome
    }
}
