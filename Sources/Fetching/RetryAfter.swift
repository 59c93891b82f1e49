// How long a server wants to be left alone.

import CNet
package import FoundationEssentials

extension Response {
    /// The seconds that Retry-After asks for, stated as seconds or as a date (RFC 9110 §10.2.3); what is past reads
    /// as 0. `nil` without the header or when it is neither.
    package func retryAfter(now: Date) -> TimeInterval? {
        guard let text = header("Retry-After") else { return nil }
        if let seconds = TimeInterval(text) { return seconds.isFinite ? max(0, seconds) : nil }
        let date = curl_getdate(text, nil)
        return date < 0 ? nil : max(0, TimeInterval(date) - now.timeIntervalSince1970)
    }
}
