import Foundation
import TestSupport
import Testing

@Suite struct MatchCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private typealias Outcome = (code: Int32, output: String, errors: String)

    private func match(_ queries: String, _ documents: String) async throws -> Outcome {
        let (queries, documents) = try (folder.write("queries.jsonl", queries), folder.write("docs.jsonl", documents))
        return try await Program.run("match", "--queries", queries, "--docs", documents, "--stats")
    }

    @Test func aMatchIsALineWithItsSpansInCharacters() async throws {
        let queries = """
            {"id": "q1", "query": "klm storing"}
            {"id": 2, "query": "\\"acme bank\\""}
            """
        let documents = #"""
            {"id": "d1", "title": "één KLM", "body": "storing \ud83d\ude21 \u00e9n \"KLM\"", "extra": "x"}

            {"id": 7, "body": "ACME\tBank", "rating": 2, "labels": {"team": "x"}, "more": [1, {}]}
            """#
        let result = try await match(queries, documents)
        #expect(result.code == 0)
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 2)
        #expect(
            lines[0].hasPrefix(
                #"{"doc":"d1","query":"q1","spans":[{"end":7,"field":"title","start":4,"text":"KLM"},{"end":7,"#))
        #expect(lines[0].hasSuffix(#""text":"storing"},{"end":17,"field":"body","start":14,"text":"KLM"}]}"#))
        #expect(lines[1].hasPrefix(#"{"doc":"7","query":"2","spans":[{"end":9,"field":"body","start":0,"#))
        #expect(lines[1].hasSuffix(#""text":"ACME\tBank"}]}"#))
        #expect(result.errors.hasPrefix("documents 2, bytes "))
        #expect(result.errors.contains(", matches 2, seconds "))
    }

    @Test func matchesKeepTheOrderOfTheDocuments() async throws {
        let documents = (0..<20_000).map { #"{"id":"d\#($0)","body":"\#($0 % 3 == 0 ? "klm" : "") en meer tekst"}"# }
        let result = try await match(#"{"id":"q","query":"klm"}"#, documents.joined(separator: "\n"))
        let found = result.output.split(separator: "\n").map { $0.prefix { $0 != "," } }
        #expect(found.elementsEqual((0..<20_000).filter { $0 % 3 == 0 }.map { "{\"doc\":\"d\($0)\"" }))
        #expect(result.errors.hasPrefix("documents 20000, "))
    }

    @Test func everyWrongQueryIsToldWithItsLine() async throws {
        let queries = """
            {"id":"a","query":"(klm"}

            {"id":"b"}
            {"id":"c","query":"titel:x"}
            """
        let result = try await match(queries, "")
        #expect(result.code == 78)
        #expect(result.output.isEmpty)
        for expected in [
            "queries.jsonl:1: column 1: error: This parenthesis is not closed.",
            "queries.jsonl:3: This is not {\"id\":",
            "queries.jsonl:4: column 1: error: There is no field “titel”.", "Did you mean title:?",
        ] {
            #expect(result.errors.contains(expected), "\(result.errors)")
        }
    }

    @Test func aWrongDocumentIsToldAndTheOthersAreMatched() async throws {
        let result = try await match(
            #"{"id":"q","query":"klm"}"#, #"{"id":"d1","body":"klm"}"# + "\nno JSON\n" + #"{"id":"d2","body":"klm"}"#)
        #expect(result.code == 65)
        #expect(result.output.split(separator: "\n").count == 2)
        #expect(result.errors.contains("This document is not a JSON object: no JSON"))
    }

    @Test func whateverIsNoPlainObjectOfStringsIsReadAsWellOrRefused() async throws {
        let right = [
            #"{ "body" : "klm" , "id" : "a" }"#, #"{"id":"b","body":"k\u006Cm","title":null}"#,
            #"{"id":"c","body":"x","kind":"\ud83d\ude21\b\f\/","title":"klm"}"#, "{}",
        ]
        let wrong = [
            #"{"body":"klm\ud83d"}"#, #"{"body":"klm\x"}"#, #"{"body":"klm"} x"#, #"{"body":"klm""#, #"["klm"]"#,
            #"{"body":1}"#, #"{"body":"klm","rating":"high"}"#,
        ]
        let result = try await match(#"{"id":"q","query":"klm"}"#, (right + wrong).joined(separator: "\n"))
        #expect(result.code == 65)
        #expect(
            result.output.split(separator: "\n").map { $0.prefix(10) } == ["a", "b", "c"].map { "{\"doc\":\"\($0)\"" })
        #expect(result.errors.split(separator: "\n").count { $0.hasPrefix("This document is") } == wrong.count)
        #expect(result.errors.contains("documents 4, "))
    }

    @Test func explainShowsWhatHitAndWhatIsMissing() async throws {
        let text = try folder.write("text", "De KLM heeft een storing")
        let matching = try await Program.run("explain", "klm NEAR/3 stor*", text)
        #expect(matching.code == 0)
        #expect(matching.output.contains("It matches."))
        let lacking = try await Program.run("explain", "klm vertraging NOT storing", text)
        #expect(lacking.code == 1)
        #expect(lacking.output.contains("vertraging is not there"))
        #expect(lacking.output.contains("storing is there, and NOT forbids it"))
        let wrong = try await Program.run("explain", "klm OR")
        #expect(wrong.code == 78)
        #expect(wrong.errors.contains("column 5: error: Something is missing behind “OR”."))
    }
}
