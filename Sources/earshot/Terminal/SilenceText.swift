// A silence as a person reads it.

import Foundation
import Model

enum SilenceText {
    static func line(_ silence: Silence) -> String {
        let matchers = Visible.text(silence.matchers.joined(separator: ", "))
        let times = "\(JournalText.time(silence.starts)) to \(JournalText.time(silence.ends))"
        return
            "\(silence.id)  \(times)  \(matchers)  (\(Visible.text(silence.author)): \(Visible.text(silence.reason)))"
    }
}
