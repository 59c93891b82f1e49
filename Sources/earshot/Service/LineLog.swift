// The daemon's log: lines on standard error. Under systemd each begins with its priority (sd-daemon(3)), so that the
// system's journal knows what is an error; elsewhere with the time.

import Foundation
import Logging

/// A swift-log handler that writes one line for each message; control characters in it are shown, not obeyed.
struct LineLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let isUnderSystemd: Bool

    init(level: Logger.Level, environment: [String: String] = ProcessInfo.processInfo.environment) {
        logLevel = level
        isUnderSystemd = environment["JOURNAL_STREAM"] != nil
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let start = isUnderSystemd ? "<\(event.level.priority)>" : "\(Date().formatted(.iso8601)) \(event.level) "
        StandardError.write(start + Visible.text("\(event.message)"))
    }
}

extension Logger.Level {
    /// syslog's number (RFC 5424, 6.2.1).
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
