// Dates in headers.

import CNet
package import FoundationEssentials

package enum HTTPDate {
    /// A date in any of HTTP's formats (RFC 9110 §5.6.7), or as servers get them wrong; `nil` for anything else.
    package static func parse(_ text: String) -> Date? {
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Date(timeIntervalSince1970: TimeInterval(seconds))
    }
}
