// XML as a stream of fields: an element opens, the reader says what it wants of its inside, the element closes with its
// text. The only file that talks to libxml2, through CXML, and the only one in which its pointers live: every span and
// every attribute is good for the length of one call, and none of them is kept. What it tells is valid UTF-8 and not
// looked at again: the document was, it is only ever cut between characters, and references are written by libxml2.

internal import CXML

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
}

/// How a pass over a document ended.
package struct XMLOutcome: Sendable {
    /// What libxml2 complained of and went on from.
    package var errors: Int
    /// Texts longer than the limit, cut off there.
    package var cutTexts: Int
    /// Whether a limit, or a lack of memory, ended the pass before the document ended.
    package var isCutShort: Bool
}

/// The attributes of one element. Only for use inside the call that hands them over.
package struct XMLAttributes {
    private let list: UnsafeBufferPointer<cxml_attribute>

    fileprivate init(_ list: UnsafeBufferPointer<cxml_attribute>) {
        self.list = list
    }

    package var isEmpty: Bool { list.isEmpty }

    /// Whether any of them has a prefix, as the few that are inherited have.
    package var hasPrefixes: Bool {
        for attribute in list where attribute.prefix.count > 0 { return true }
        return false
    }

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
        for attribute in list { all[attribute.name.text.lowercased()] = attribute.value.text }
        return all
    }

    private func value(prefix: StaticString, _ name: StaticString) -> String? {
        for attribute in list where attribute.name.equals(name) && attribute.prefix.equals(prefix) {
            return attribute.value.text
        }
        return nil
    }
}

/// Reads repaired XML into a state of the caller's.
package struct XMLReader<State> {
    /// Gives a name a number of the caller's choice; asked once for (nearly) every distinct name of a document.
    /// The namespace and the prefix may be empty.
    package typealias Name = (_ space: Span<UInt8>, _ prefix: Span<UInt8>, _ local: Span<UInt8>) -> Int32
    package typealias Open = (_ state: inout State, _ name: Int32, _ attributes: XMLAttributes) -> XMLInside
    /// The text is without the white space around it.
    package typealias Close = (_ state: inout State, _ name: Int32, _ text: UTF8Span) -> Void

    private let name: Name
    private let open: Open
    private let close: Close

    package init(name: @escaping Name, open: @escaping Open, close: @escaping Close) {
        self.name = name
        self.open = open
        self.close = close
    }

    /// Reads one document to its end. Every element that opens also closes.
    /// - Parameter textLimit: the most bytes collected for one element.
    package func read(_ document: RepairedXML, textLimit: Int, into state: inout State) -> XMLOutcome {
        guard document.tags.count > 1 else { return XMLOutcome(errors: 0, cutTexts: 0, isCutShort: false) }
        // The state is nobody else's while this call lasts, and what is told comes from inside it, one after the other.
        return withUnsafeMutablePointer(to: &state) { state in
            let (open, close) = (open, close)
            let listener = Listener(
                name: name, open: { open(&state.pointee, $0, $1) }, close: { close(&state.pointee, $0, $1) })
            return listener.read(document, textLimit: textLimit)
        }
    }
}

/// Whom libxml2's pass tells: what C can hold on to.
private final class Listener {
    private let name: (Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Int32
    private let open: (Int32, XMLAttributes) -> XMLInside
    private let close: (Int32, UTF8Span) -> Void

    init(
        name: @escaping (Span<UInt8>, Span<UInt8>, Span<UInt8>) -> Int32,
        open: @escaping (Int32, XMLAttributes) -> XMLInside, close: @escaping (Int32, UTF8Span) -> Void
    ) {
        self.name = name
        self.open = open
        self.close = close
    }

    func read(_ document: RepairedXML, textLimit: Int) -> XMLOutcome {
        // Namespaces in force at once: in the wild 1–60; a flood of 30,000 makes every look-up walk them all.
        let limits = cxml_limits(depth: TagLimits.depth + 8, spaces: 1024, text: textLimit)
        var reader = cxml_reader(
            context: Unmanaged.passUnretained(self).toOpaque(), name: Self.askName, open: Self.tellOpen,
            close: Self.tellClose)
        // `self` and the document outlive the call that they are in.
        let outcome = document.withPointers { cxml_read($0, limits, &reader) }
        return XMLOutcome(
            errors: outcome.errors, cutTexts: outcome.cut_texts,
            isCutShort: outcome.stopped != 0 || outcome.out_of_memory != 0)
    }

    /// The listener behind a context. The call that it is in holds on to it, so that no callback needs to.
    private static func with<Result>(_ context: UnsafeMutableRawPointer, _ body: (Listener) -> Result) -> Result {
        Unmanaged<Listener>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
    }

    private static let askName: @convention(c) (UnsafeMutableRawPointer, cxml_bytes, cxml_bytes, cxml_bytes) -> Int32 =
        {
            let (space, prefix, local) = ($1, $2, $3)
            return with($0) { $0.name(space.buffer.span, prefix.buffer.span, local.buffer.span) }
        }

    private static let tellOpen:
        @convention(c) (UnsafeMutableRawPointer, Int32, UnsafePointer<cxml_attribute>?, Int) -> cxml_inside = {
            let name = $1
            let attributes = XMLAttributes(UnsafeBufferPointer(start: $2, count: $3))
            switch with($0, { $0.open(name, attributes) }) {
            case .elements: return cxml_walk
            case .mixed: return cxml_mixed
            case .text: return cxml_text
            case .markup: return cxml_escaped
            case .nothing: return cxml_skip
            }
        }

    private static let tellClose: @convention(c) (UnsafeMutableRawPointer, Int32, cxml_bytes) -> Void = {
        let name = $1
        let bytes = $2.buffer.span
        let text = bytes.extracting(bytes.trimmed)
        let isASCII = text.isASCII
        with($0) { $0.close(name, UTF8Span(unchecked: text, isKnownASCII: isASCII)) }
    }
}

extension RepairedXML {
    /// The document as C sees it, for the length of one call.
    fileprivate func withPointers<Result>(_ body: (UnsafePointer<cxml_document>) -> Result) -> Result {
        tags.withUnsafeBufferPointer { tags in
            texts.withUnsafeBufferPointer { texts in
                marks.withUnsafeBufferPointer { marks in
                    // The last byte is the zero that ends the document.
                    var document = cxml_document(
                        tags: cxml_bytes(start: tags.baseAddress, count: tags.count - 1), texts: texts.baseAddress,
                        marks: marks.baseAddress, mark_count: marks.count)
                    return body(&document)
                }
            }
        }
    }
}

extension cxml_bytes {
    /// Good for the length of the callback that these bytes came with.
    fileprivate var buffer: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
    }

    fileprivate var text: String {
        let bytes = buffer.span
        return String(copying: UTF8Span(unchecked: bytes, isKnownASCII: bytes.isASCII))
    }

    /// Whether these are `other`, which is lower case, in any case.
    fileprivate func equals(_ other: StaticString) -> Bool {
        guard count == other.utf8CodeUnitCount else { return false }
        return buffer.span.hasIgnoringCase(other, at: 0)
    }
}
