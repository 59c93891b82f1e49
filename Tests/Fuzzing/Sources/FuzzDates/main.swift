// Feeds any bytes to the date reader: no crash, and a date that is read is one that a calendar has.

import Feeds
import Foundation
import FuzzDriver

private func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    guard let date = FeedDate(text) else { return 0 }
    precondition(date.date(dayFirst: true).timeIntervalSince1970.isFinite)
    precondition(date == FeedDate(text))
    return 0
}

fuzz(test)
