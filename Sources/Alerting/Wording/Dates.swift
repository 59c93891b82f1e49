// Times for people.

import FoundationEssentials

extension Date {
    /// `2026-03-02 07:53 UTC`: receivers sit in any time zone, so it is named.
    var inWords: String {
        formatted(.iso8601).prefix(16).replacing("T", with: " ") + " UTC"
    }
}
