import Fetching
import Foundation
import Model
import Testing

@Suite struct RetryAfterTests {
    private func rest(_ value: String) -> TimeInterval? {
        let now = Date(timeIntervalSince1970: 1_772_438_400)
        return Response(status: 503, headers: [Header("Retry-After", value)]).retryAfter(now: now)
    }

    @Test func secondsAndDatesAreRead() {
        #expect(rest("120") == 120)
        #expect(rest("Mon, 02 Mar 2026 08:10:00 GMT") == 600)
        #expect(Response(status: 503).retryAfter(now: Date()) == nil)
    }

    @Test(arguments: [
        ("-1", 0.0), ("Mon, 02 Mar 2020 08:10:00 GMT", 0), ("1e12", 86_400), ("99999999999999999999", 86_400),
        ("inf", 86_400), ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
    ])
    func sillyValuesAreClamped(_ value: String, _ seconds: TimeInterval) {
        #expect(rest(value) == seconds)
    }

    @Test(arguments: ["", "soon", "nan", "12 minutes"])
    func whatIsNeitherIsNone(_ value: String) {
        #expect(rest(value) == nil)
    }
}
