// Receivers that are files.

/// A file that gets one line of JSON for each alert, Earshot's payload, appended and made durable.
package struct LineFile: Sendable, Equatable {
    package var path: String

    package init(path: String) {
        self.path = path
    }
}
