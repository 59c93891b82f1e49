// Dates as pages write them, read on Sunday 2025-06-15 at 12:00 UTC.

import Foundation
import Model
import Pages
import Testing

@Suite struct `A date in words` {
    private func read(_ text: String, zone: String = "GMT", dayFirst: Bool = false) -> String? {
        let context = DateContext(
            now: readingTime, zone: TimeZone(identifier: zone) ?? .gmt, dayFirst: dayFirst)
        return PageDate(text, context).map { String($0.date.formatted(.iso8601).dropLast(4)) }
    }

    @Test(arguments: [
        // As programs write them.
        ("1749981600", "2025-06-15T10:00"), ("1749981600123", "2025-06-15T10:00"),
        ("2024-09-21T07:25:09+0100", "2024-09-21T06:25"), ("2014-02-06 20:37:20Z", "2014-02-06T20:37"),
        ("2014-02-06T20:37:20", "2014-02-06T20:37"), ("2022-10-28", "2022-10-28T00:00"),
        // As forums do.
        ("Sun Dec 17, 2023 11:23 am", "2023-12-17T11:23"), ("30th March 2025, 16:26", "2025-03-30T16:26"),
        ("11-29-2024, 09:03 AM", "2024-11-29T09:03"), ("Aug 2, 2024 at 4:44 AM", "2024-08-02T04:44"),
        ("8 October, 2024 @ 2:12:48 pm PDT", "2024-10-08T21:12"), ("28 juli 2023 11:27", "2023-07-28T11:27"),
        ("on Friday January 12, 2024 @11:51AM (#64153115)", "2024-01-12T11:51"),
        ("Beitragvon r23 » 21.01.2009, 05:42", "2009-01-21T05:42"), ("11-19-02, 06:39 PM", "2002-11-19T18:39"),
        ("2019-02-23, 09:14 PM (This post was last modified: 2024-01-05, 03:27 AM by X.)", "2019-02-23T21:14"),
        ("Отзыв написан 17 марта 2015", "2015-03-17T00:00"), ("12 mai 2024 à 14h03", "2024-05-12T14:03"),
        ("Opinión escrita el 3 de junio de 2024", "2024-06-03T00:00"),
        ("am 3. März 2024 um 8:05 Uhr", "2024-03-03T08:05"),
        ("maandag 18 februari 2019 11:44", "2019-02-18T11:44"), ("13/06/2024 10:00", "2024-06-13T10:00"),
        ("12:00 AM, 1 May 2024", "2024-05-01T00:00"), ("Le mardi 3 juin 2025 à 14 h 03", "2025-06-03T14:03"),
        ("2024年5月1日 10:00", "2024-05-01T10:00"), ("2024년 5월 1일", "2024-05-01T00:00"),
        // Without a year: the last time that it was.
        ("5 december 18:22", "2024-12-05T18:22"), ("3 juni om 14:03", "2025-06-03T14:03"),
        ("Jun 14", "2025-06-14T00:00"),
        // Without a day.
        ("10:30", "2025-06-15T10:30"), ("16:35", "2025-06-14T16:35"), ("Today, 09:10 AM", "2025-06-15T09:10"),
        ("gisteren om 14:03", "2025-06-14T14:03"), ("eergisteren", "2025-06-13T00:00"),
        ("Gestern, 08:00", "2025-06-14T08:00"),
        ("hier à 9h05", "2025-06-14T09:05"), ("ayer a las 10:00", "2025-06-14T10:00"),
        ("Friday at 3:15 PM", "2025-06-13T15:15"),
        ("vrijdag 15:15", "2025-06-13T15:15"), ("aujourd'hui à 08:00", "2025-06-15T08:00"),
        // Counted back.
        ("3 days ago", "2025-06-12T12:00"), ("3 dagen geleden", "2025-06-12T12:00"),
        ("2 uur geleden", "2025-06-15T10:00"),
        ("5 dgn geleden", "2025-06-10T12:00"), ("40 min geleden", "2025-06-15T11:20"),
        ("2 weken geleden", "2025-06-01T12:00"),
        ("vor 2 Stunden", "2025-06-15T10:00"), ("vor einem Tag", "2025-06-14T12:00"),
        ("il y a 3 heures", "2025-06-15T09:00"),
        ("2 mo. ago", "2025-04-15T15:01"), ("il y a 2 sem.", "2025-06-01T12:00"), ("gerade eben", "2025-06-15T12:00"),
        ("3 ago 10:00", "2024-08-03T10:00"), ("hace un día", "2025-06-14T12:00"), ("an hour ago", "2025-06-15T11:00"),
        ("een uur geleden", "2025-06-15T11:00"),
        ("5h", "2025-06-15T07:00"), ("just now", "2025-06-15T12:00"), ("2 hours ago", "2025-06-15T10:00"),
    ])
    func `is read`(text: String, minute: String) {
        #expect(read(text) == minute)
    }

    @Test(arguments: ["", "Invalid Date", "hello", "version 3.5", "12 posts", "v1/2", "32 May 2024", "99:99", "1/2"])
    func `that is none is none`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `without a zone is read by the page's clock`() {
        #expect(read("3 juni 2025 14:03", zone: "Europe/Amsterdam") == "2025-06-03T12:03")
        #expect(read("3 januari 2025 14:03", zone: "Europe/Amsterdam") == "2025-01-03T13:03")
        #expect(read("gisteren 00:30", zone: "Europe/Amsterdam") == "2025-06-13T22:30")
    }

    @Test func `with ambiguous numbers is read as the page's other dates are`() {
        #expect(read("03/04/2025", dayFirst: true) == "2025-04-03T00:00")
        #expect(read("03/04/2025", dayFirst: false) == "2025-03-04T00:00")
        #expect(read("03.04.2025", dayFirst: false) == "2025-04-03T00:00")
        #expect(PageDate.dayFirst(in: ["03/04/2025", "13/04/2025"]) == true)
        #expect(PageDate.dayFirst(in: ["03-04-2025", "04-13-2025"]) == false)
        #expect(PageDate.dayFirst(in: ["03/04/2025"]) == nil)
    }

    @Test func `is relative only where it is counted from now`() {
        let context = DateContext(now: readingTime)
        #expect(PageDate("3 days ago", context)?.isRelative == true)
        #expect(PageDate("gisteren om 14:03", context)?.isRelative == false)
    }

    @Test func `that another one of the page reads otherwise leaves its entry the one that it was`() throws {
        func identities(_ dates: [String]) throws -> [String] {
            let reviews = dates.map { date in
                """
                <div itemscope itemtype="https://schema.org/Review"><b itemprop="author">ann</b><i itemprop="datePublished">\(date)
                </i><p itemprop="reviewBody">Acme is fine.</p></div>
                """
            }
            let page = try readPage("<html lang=en><body>\(reviews.joined())</body></html>")
            return page.feed.entries.map(\.identity)
        }
        let earlier = try identities(["05/11/2024 10:00", "07/11/2024"])
        #expect(Set(earlier).count == 2)
        #expect(try identities(["13/11/2024 10:00", "05/11/2024 10:00", "07/11/2024"]).suffix(2) == earlier)
        // What stands around the date is no part of it.
        #expect(try identities(["05/11/2024 10:00 (two weeks ago)", "07/11/2024"]) == earlier)
    }
}
