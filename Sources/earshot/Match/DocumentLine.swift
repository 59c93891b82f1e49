// A document as a JSON line: what `earshot match` and `earshot explain` read.

import Foundation
import Matching

/// One document as a JSON line.
struct DocumentLine: Decodable {
    /// The longest line that is read.
    static let limit = 64 << 20

    private var id: LineID?
    private var title: String?
    private var body: String?
    private var author: String?
    private var url: String?
    private var lang: String?
    private var source: String?
    private var kind: String?
    private var rating: Double?
    private var labels: [String: String]?

    /// The document of a line, and its id.
    static func read(_ line: ArraySlice<UInt8>) throws -> (id: String, document: Document) {
        if let object = PlainObject(line), let read = read(object) { return read }
        let line = try JSONDecoder().decode(DocumentLine.self, from: Data(line))
        return (line.id?.text ?? "", line.document)
    }

    private static func read(_ object: PlainObject) -> (id: String, document: Document)? {
        var id = ""
        var document = Document()
        for (name, value) in object.members {
            switch name {
            case "id": id = value
            case "title": document.title = value
            case "body": document.body = value
            case "author": document.author = value
            case "url": document.url = value
            case "lang": document.language = value
            case "source": document.source = value
            case "kind": document.kind = value
            case "rating", "labels": return nil
            default: break
            }
        }
        return (id, document)
    }

    private var document: Document {
        Document(
            title: title ?? "", body: body ?? "", author: author ?? "", url: url ?? "", language: lang ?? "",
            source: source ?? "", kind: kind ?? "", rating: rating, labels: labels ?? [:])
    }
}

/// What a line is called: a string, or a whole number.
struct LineID: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            text = String(number)
        } else {
            text = try container.decode(String.self)
        }
    }
}
