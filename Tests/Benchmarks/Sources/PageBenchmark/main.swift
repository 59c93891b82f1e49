// A page's bytes to entries, against libxml2's bare HTML parse of the same bytes in the same run, in alternating rounds.
// An entry is whole: engine recognised, rules and structured data read and merged, dates, links and identity settled.
//
//     PageBenchmark [FOLDER]    every .html in FOLDER; pages made here where there is none

import CHTMLBaseline
import Configuration
import Foundation
import Model
import Pages

let rounds = 5
let now = Date(timeIntervalSince1970: 1_700_000_000)
let reader = PageReader(catalog: EngineCatalog(Engines.builtIn))

/// A topic of phpBB with about `posts` posts, and around them as much furniture as a real one has.
func madePage(posts: Int) -> [UInt8] {
    let script = String(repeating: "window.track=function(a){return a<1&&a>0};", count: 200)
    var page = "<!DOCTYPE html><html lang=\"en-gb\"><head><meta charset=\"utf-8\"><title>Made</title>"
    page +=
        "<script>\(script)</script></head><body id=\"phpbb\" class=\"section-viewtopic\"><h2><a href=\"#\">Made</a></h2>"
    let words = "the bakery’s bread &amp; cake were praised by readers in Málaga, who found the <b>queue</b> long<br>"
    for number in 1...posts {
        page +=
            "<div id=\"p\(number)\" class=\"post has-profile bg\(number % 2 + 1)\"><dl class=\"postprofile\" id=\"profile\(number)\">"
        page += "<dt><a href=\"./memberlist.php?u=\(number)\" class=\"username\">user\(number)</a></dt>"
        page += String(
            repeating: "<dd class=\"profile-posts\"><strong>Posts:</strong> <a href=\"./search.php?a=1\">2</a></dd>",
            count: 6)
        page +=
            "</dl><div class=\"postbody\"><ul class=\"post-buttons\"><li><a href=\"#\" class=\"button\"><span>Quote</span></a></li></ul>"
        page += "<p class=\"author\"><time datetime=\"2023-05-15T13:05:09+00:00\">15 May</time></p>"
        page += "<div class=\"content\">\(String(repeating: words, count: 12))</div></div></div>\n"
    }
    return Array((page + "</body></html>").utf8)
}

func pages() -> [[UInt8]] {
    guard CommandLine.arguments.count > 1 else { return (1...40).map { madePage(posts: $0) } }
    let folder = URL(fileURLWithPath: CommandLine.arguments[1])
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension == "html" }.compactMap { try? [UInt8](Data(contentsOf: $0)) }
}

func seconds(_ work: () -> Void) -> Double {
    ContinuousClock().measure(work) / .seconds(1)
}

let documents = pages()
let bytes = Double(documents.reduce(0) { $0 + $1.count })
var bare: [Double] = []
var whole: [Double] = []
var counted = 0
for _ in 0..<rounds {
    bare.append(
        seconds {
            for document in documents {
                document.withUnsafeBytes { buffer in
                    counted +=
                        buffer.baseAddress.map { html_parse($0.assumingMemoryBound(to: CChar.self), buffer.count) } ?? 0
                }
            }
        })
    whole.append(
        seconds {
            for document in documents {
                let page = try? reader.read(document, address: "https://a.example/t/1", headers: [], now: now)
                counted += page?.feed.entries.count ?? 0
            }
        })
}
func rate(_ times: [Double]) -> Double { (bytes / (times.min() ?? 1) / 1e5).rounded() / 10 }
let ratio = (bare.min() ?? 0) / (whole.min() ?? 1)
print("\(documents.count) pages, \(Int(bytes)) bytes, \(counted / rounds) counted")
print("bare parse \(rate(bare)) MB/s, bytes to entries \(rate(whole)) MB/s: \((ratio * 100).rounded() / 100)")
