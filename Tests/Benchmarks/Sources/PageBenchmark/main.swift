// A page's bytes to entries, against libxml2's bare HTML parse of the same bytes in the same run, in alternating
// rounds. An entry is whole: engine recognised, rules and structured data read and merged, dates, links and identity
// settled.
//
//     PageBenchmark [FOLDER]    every .html in FOLDER; pages made here where there is none

import CHTMLBaseline
import Configuration
import Foundation
import Measuring
import Model
import Pages

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

let pages = givenFiles { $0.pathExtension == "html" } ?? (1...40).map { madePage(posts: $0) }
func read(_ document: [UInt8]) -> Int {
    let page = try? reader.read(document, address: "https://a.example/t/1", headers: [], now: now)
    return page?.feed.entries.count ?? 0
}

let comparison = Comparison(over: pages, bare: html_parse, ours: ["bytes to entries": read])
print(comparison.report("pages", "bare parse"))
