// Whether two things that a document states are written alike: by their bytes. To String's ==, accents composed in
// different ways are the same; where two texts differ in no more than that, it normalises all that follows, a hundred
// times as slowly, and a stranger's lists of long texts can be made to differ so.

internal import Glibc
internal import Model

extension String {
    func isWritten(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        return utf8.span.withUnsafeBufferPointer { bytes in
            other.utf8.span.withUnsafeBufferPointer { others in
                // Both have as many bytes as are compared.
                guard let base = bytes.baseAddress, let otherBase = others.baseAddress else { return true }
                return memcmp(base, otherBase, bytes.count) == 0
            }
        }
    }
}

extension String? {
    func isWritten(as other: String?) -> Bool {
        guard let self, let other else { return self == nil && other == nil }
        return self.isWritten(as: other)
    }
}

extension Person {
    func isWritten(as other: Person) -> Bool {
        name.isWritten(as: other.name) && email.isWritten(as: other.email) && url.isWritten(as: other.url)
    }
}

extension Model.Category {
    func isWritten(as other: Model.Category) -> Bool {
        term.isWritten(as: other.term) && scheme.isWritten(as: other.scheme) && label.isWritten(as: other.label)
    }
}
