// Dates as the wild writes them. Expectations are seconds since 1970, worked out with `date -u -d`.

import FoundationEssentials
import Model
import Testing

@testable import Feeds

private func seconds(_ text: String, dayFirst: Bool = true) -> Double? {
    FeedDate(text)?.date(dayFirst: dayFirst).timeIntervalSince1970
}

@Suite struct `Dates` {
    @Test(arguments: [
        "Wed, 15 May 2024 13:05:09 GMT", "Wed, 15 May 2024 15:05:09 +0200", "Wed, 15 May 2024 15:05:09  +02:00",
        "15 May 2024 13:05:09", "Wed , 15 May 2024 13:05:09 UT", "Wed,15 May 2024 13:05:09Z",
        "wednesday 15 may 2024 13:5:9 utc",
        "Wed, 15 May 24 09:05:09 EDT", "Wed, 15 May '24 13:05:09", "Wed May 15 13:05:09 2024",
        "Wed May 15 13:05:09 +0000 2024",
        "Wed, May 15, 2024 1:05:09 PM", "Wed, 15 May 2024 01:05:09 p.m. GMT",
        "Wed, 15 May 2024 05:05:09 Pacific Daylight Time (PT-7) -0800",
        "2024-05-15T13:05:09Z", "2024-05-15T15:05:09+02:00", "2024-05-15 13:05:09", "2024-05-15T13:05:09.000000+0000",
        "20240515T130509Z", "20240515130509", "2024-136T13:05:09Z", "2024/05/15 13:05:09", "15.05.2024 13:05:09",
        "15.05.24, 13:05:09", "15-05-2024 13:05:09", "1715778309", "1715778309000", "\"2024-05-15 13:05:09\"",
        "Wed, 15 May 2024 15:05:09 Europe/Amsterdam", "Wed, 15 May 2024 13:05:09 GMT+0000",
        "Wed, 15 May 2024 14:05:09 GMT+1",
        "Wed, 15 May 2024 15:05:09 + 0200", "woensdag 15 mei 2024 13:05:09", "Mi, 15. Mai 2024 13:05:09",
        "mer. 15 mai 2024 13:05:09", "15 de mayo de 2024 13:05:09", "15 maja 2024 13:05:09", "15 maggio 2024 13:05:09",
        "15 de maio de 2024 13:05:09", "15. maj 2024 13:05:09", "2024年05月15日 13:05:09", "2024-05-15 오후 1:05:09",
        "13:05:09, 15.May.24",
    ])
    func `are read in every shape`(text: String) {
        #expect(seconds(text) == 1_715_778_309)
    }

    @Test(
        arguments: [
            ("2024-05-15", 1_715_731_200), ("2024-05", 1_714_521_600), ("2024", 1_704_067_200),
            ("20240515", 1_715_731_200),
            ("240515", 1_715_731_200), ("-2405", 1_714_521_600), ("04-05-31", 1_085_961_600),
            ("May 2024", 1_714_521_600),
            ("16 .05.2024", 1_715_817_600), ("15/05/2024", 1_715_731_200), ("05/15/2024", 1_715_731_200),
            ("2024-05-15T24:00:00Z", 1_715_817_600), ("2024-02-29", 1_709_164_800),
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("31 Dec 1969 23:59:59 GMT", -1), ("2024-05-15T13:05Z", 1_715_778_300),
            ("2016-12-31T23:59:60Z", 1_483_228_799),
            ("Mon, 3 Oct 11 06:00:00 -0800", 1_317_650_400), ("Wed, 15 May 2024 00:30 AM", 1_715_733_000),
            ("Wed, 15 May 2024 12:30 AM", 1_715_733_000), ("Wed, 15 May 2024 GMT", 1_715_731_200),
        ] as [(String, Double)])
    func `are read in every width`(text: String, expected: Double) {
        #expect(seconds(text) == expected)
    }

    @Test(
        arguments: [
            ("01 Oct 2011 22:48:58 ET", 1_317_523_738), ("01 Jan 2011 22:48:58 ET", 1_293_940_138),
            ("01 Oct 2011 19:48:58 PT", 1_317_523_738), ("31 Mar 2024 03:00:00 Europe/Amsterdam", 1_711_846_800),
            ("30 Mar 2024 23:30:00 Europe/Amsterdam", 1_711_837_800),
        ] as [(String, Double)])
    func `follow the summer time of the place they name`(text: String, expected: Double) {
        #expect(seconds(text) == expected)
    }

    @Test(arguments: [
        ("mrt", 3), ("okt", 10), ("augustus", 8), ("März", 3), ("Dez", 12), ("Jänner", 1), ("février", 2), ("août", 8),
        ("déc", 12), ("juil", 7), ("ene", 1), ("diciembre", 12), ("października", 10), ("wrz", 9), ("sty", 1),
        ("gennaio", 1),
        ("mag", 5), ("ottobre", 10), ("março", 3), ("Out", 10), ("fev", 2), ("marts", 3), ("augusti", 8),
        ("desember", 12),
        ("maj", 5), ("Sept", 9), ("FÉVRIER", 2), ("Ιούλ", 7), ("июня", 6), ("ağustos", 8), ("září", 9),
    ])
    func `name their month in many languages`(word: String, month: Int) throws {
        let expected = try #require(seconds("2023-\(month < 10 ? "0" : "")\(month)-05"))
        #expect(seconds("5 \(word) 2023") == expected)
        #expect(seconds("Za, 05 \(word). 2023 00:00:00 GMT") == expected)
    }

    @Test(arguments: [
        "", "   ", "yesterday", "2024-13-15", "2024-02-30", "Sun, 16 zzz 2012 11:47:32 GMT",
        "Sun, Dec x 2012 11:47:32 GMT",
        "Sun, 99 Jun 2009 12:00:00 GMT", "2024-05-15T25:00:00Z", "2024-05-15T13:61:00Z", "22013", "013", "12:30",
        "2024-xx-27",
        "99999999999999999999", "1 2 3 4 5 6 7 8 9 10", "0000-00-00 00:00:00",
    ])
    func `that nobody could read are none`(text: String) {
        #expect(FeedDate(text) == nil)
    }

    /// Found by the fuzzer: numbers that no calendar and no Int has room for.
    @Test(arguments: [
        "20888888888888888E4:.11\n1", "10 1-7T18-07 -07:44444444444444444444444444",
        "1:2:3.99999999999999999999999999999",
        "+99999999999999999999 1:1", "Jan 1 999999999999999999",
    ])
    func `beyond all bounds do no harm`(text: String) {
        #expect(FeedDate(text).map { $0.date(dayFirst: true).timeIntervalSince1970.isFinite } ?? true)
    }

    @Test func `know every word of theirs by its hash alone`() {
        var meanings: [String: DateWord] = [:]
        for (word, meaning) in DateWords.words { meanings[word] = meaning }
        for (word, meaning) in meanings where word == word.lowercased() {
            #expect(DateWords.look(Array(word.utf8).span) == meaning)
        }
    }

    @Test func `with two readings are settled by the feed's other dates`() throws {
        func published(_ dates: [String], language: String = "") throws -> [Double?] {
            let items = dates.map { "<item><pubDate>\($0)</pubDate></item>" }.joined()
            return try entries(items, channel: "<language>\(language)</language>").map {
                $0.published?.timeIntervalSince1970
            }
        }
        #expect(try published(["10/03/2024", "25/03/2024"]).first == 1_710_028_800)
        #expect(try published(["10/03/2024", "03/25/2024"]).first == 1_727_913_600)
        #expect(try published(["10/03/2024"]).first == 1_710_028_800)
        #expect(try published(["10/03/2024 12:00:00 AM"]).first == 1_727_913_600)
        #expect(try published(["10/03/2024"], language: "en-US").first == 1_727_913_600)
    }

    @Test func `that are missing, illegible or to come are counted, and the future is clamped for ordering only`()
        throws
    {
        let feed = try read(
            """
            <rss><item><pubDate>soon</pubDate></item><item/><item><pubDate>Fri, 01 Jan 2049 00:00:00 GMT</pubDate></item>
            <item><pubDate>Wed, 15 May 2024 13:05:09 GMT</pubDate></item></rss>
            """)
        #expect(feed.findings[.illegibleDates] == 1)
        #expect(feed.findings[.entriesWithoutDate] == 2)
        #expect(feed.findings[.futureDates] == 1)
        #expect(feed.entries[2].published == Date(timeIntervalSince1970: 2_493_072_000))
        #expect(feed.entries[2].date(now: readingTime) == readingTime)
        #expect(feed.entries[3].date(now: readingTime) == Date(timeIntervalSince1970: 1_715_778_309))
        #expect(feed.entries[1].date(now: readingTime) == nil)
    }
}
