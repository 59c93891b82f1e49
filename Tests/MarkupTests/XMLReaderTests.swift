// The stream of fields: what is asked of an element's inside is what comes back when it closes.

import Testing

@testable import Markup

private func string(_ bytes: Span<UInt8>) -> String {
    String(decoding: (0..<bytes.count).map { bytes[$0] }, as: UTF8.self)
}

/// Reads a document and writes down everything that is told.
private func events(_ text: String, inside: @escaping (String) -> XMLInside, textLimit: Int = 1000) -> [String] {
    var events: [String] = []
    var names: [String] = []
    var open: [String] = []
    let reader = XMLReader<Void>(
        name: { space, prefix, local in
            names.append(prefix.isEmpty ? string(local) : "\(string(prefix)){\(string(space))}\(string(local))")
            return Int32(names.count - 1)
        },
        open: { _, name, attributes in
            let name = names[Int(name)]
            open.append(name)
            let all = attributes.all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
            events.append("<\(name)\(all)")
            return inside(name)
        },
        close: { _, _, text in
            events.append(">\(open.removeLast()) \(String(copying: text))")
        })
    var nothing: Void = ()
    _ = reader.read(RepairedXML(Array(text.utf8).span, roots: ["r"]), textLimit: textLimit, into: &nothing)
    return events
}

@Suite struct `XML reader` {
    @Test func `elements are walked and texts collected`() {
        let told = events("<r a='1 &amp; 2'>x<b>y <![CDATA[<z>]]></b></r>") { $0 == "r" ? .elements : .text }
        #expect(told == ["<r a=1 & 2", "<b", ">b y <z>", ">r "])
    }

    @Test func `text between elements is collected where it is asked for`() {
        #expect(events("<r>x<b>y</b>z</r>") { $0 == "r" ? .mixed : .text } == ["<r", "<b", ">b y", ">r xz"])
    }

    @Test func `elements in a text are written down as they are, or escaped again`() {
        let text = "<r>a &lt; <b c='\"'>d</b></r>"
        #expect(events(text) { _ in .text } == ["<r", ">r a < <b c=\"&quot;\">d</b>"])
        #expect(events(text) { _ in .markup } == ["<r", ">r a &lt; <b c=\"&quot;\">d</b>"])
    }

    @Test func `what is not wanted is not told`() {
        #expect(events("<r>a<b>c</b></r>") { _ in .nothing } == ["<r", ">r "])
    }

    @Test func `every element that opens closes, also in a document that breaks off`() {
        #expect(events("<r><b>x<c>y") { _ in .mixed } == ["<r", "<b", "<c", ">c y", ">b x", ">r "])
    }

    @Test func `names come with their namespace, and with their prefix where it is not declared`() {
        let told = events("<r xmlns:a='u'><a:b/><c:d/></r>") { _ in .elements }
        #expect(told == ["<r", "<a{u}b", ">a{u}b ", "<c{}d", ">c{}d ", ">r "])
    }

    @Test func `a text is cut at its limit and the next one is whole`() {
        let told = events("<r><b>12345678</b><c>abc</c></r>", inside: { $0 == "r" ? .elements : .text }, textLimit: 5)
        #expect(told == ["<r", "<b", ">b 12345", "<c", ">c abc", ">r "])
    }

    @Test func `a text in several pieces is cut at its own limit, whatever its parents collected`() {
        let told = events("<r>1<b>234<c/>567<d/>8</b>9</r>", inside: { _ in .mixed }, textLimit: 5)
        #expect(told == ["<r", "<b", "<c", ">c ", "<d", ">d ", ">b 23456", ">r 19"])
    }

    @Test func `large texts and many names arrive whole`() {
        let large = String(repeating: "0123456789", count: 30_000)
        let many = (0..<3000).map { "<n\($0)>\($0)</n\($0)>" }.joined()
        let told = events(
            "<r>\(many)<t>\(large)</t></r>", inside: { $0 == "r" ? .elements : .text }, textLimit: 1 << 20)
        #expect(told.contains(">t \(large)"))
        #expect(told.contains(">n2999 2999"))
        #expect(told.count == 2 * 3002)
    }
}
