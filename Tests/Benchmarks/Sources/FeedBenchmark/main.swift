// Bytes to entries, against libxml2's bare SAX pass over the same bytes in the same run, in alternating rounds, and
// against sfeed where it is installed. An entry is whole: every field that the program uses, its identity included.
// What is made of it later is its marks, by which the poll tells what is new, and the plain text of the entries that
// are. The marks have a line of their own; the limits are for the entries.
//
//     FeedBenchmark [FOLDER]    every file in FOLDER; feeds made here where there is none
//     FeedBenchmark --peak      the memory that one feed of 30 MB costs
//
// Build it as the program is built: swift build -c release --static-swift-stdlib --product FeedBenchmark

import CSAXBaseline
import Feeds
import Foundation
import Measuring
import Model

let now = Date(timeIntervalSince1970: 1_700_000_000)

/// A feed of about `size` bytes, with the mixture of escapes, sections and plain text that feeds have.
func madeFeed(size: Int) -> [UInt8] {
    var feed = "<?xml version=\"1.0\" encoding=\"utf-8\"?><rss version=\"2.0\" "
    feed += "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Made</title>"
    let words = "the bakery’s bread &amp; cake were praised by readers in Málaga, who found the queue long "
    let paragraph = "&lt;p&gt;" + String(repeating: words, count: 8) + "&lt;/p&gt;"
    var number = 0
    while feed.utf8.count < size {
        number += 1
        feed += "<item><title>Entry \(number)</title><link>https://made.example/\(number)</link>"
        feed += "<guid isPermaLink=\"false\">id-\(number)</guid><pubDate>Wed, 15 May 2024 13:05:09 GMT</pubDate>"
        feed += "<description>\(paragraph)</description>"
        feed += "<content:encoded><![CDATA[<p>\(String(repeating: words, count: 16))</p>]]></content:encoded></item>\n"
    }
    return Array((feed + "</channel></rss>").utf8)
}

/// The process's highest resident size so far, in bytes.
func peak() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return line.split { !$0.isNumber }.first.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
}

func measurePeak() {
    let body = madeFeed(size: 30_000_000)
    // Making the body took more memory than the body has; 5 resets the peak (proc(5), clear_refs).
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
    let before = peak()
    let entries = (try? FeedReader().read(body, address: nil, headers: [], now: now))?.entries.count ?? 0
    let grown = Double(peak() - before) / Double(body.count)
    print("\(entries) entries of \(body.count) bytes: peak grew by \(rounded(grown)) times the body")
}

func measureSpeed() throws {
    let key = MarkKey.random()
    let documents = givenFiles { $0.pathExtension != "jsonl" } ?? (1...100).map { madeFeed(size: $0 * 1000) }
    let comparison = Comparison(
        over: documents, bare: sax_pass,
        ours: [
            "bytes to entries": { entries($0).count },
            "with their marks": { entries($0).marks(keyedBy: key, hasAliases: true).count },
        ])
    print(comparison.report("documents", "bare SAX"))
    guard let sfeed = try SFeed.seconds(documents) else { return print("sfeed is not installed") }
    let ratios = comparison.ours.map { "\($0.name) \(rounded(sfeed / $0.seconds))" }
    print("sfeed \(comparison.rate(sfeed)) MB/s: \(ratios.joined(separator: ", ")) of its speed")
}

func entries(_ document: [UInt8]) -> [Entry] {
    (try? FeedReader().read(document, address: nil, headers: [], now: now))?.entries ?? []
}

if CommandLine.arguments.contains("--peak") { measurePeak() } else { try measureSpeed() }
