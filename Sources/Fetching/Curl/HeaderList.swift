// A request's header lines as libcurl wants them: a linked list, here in memory that is used again and again, since
// libcurl reads it and never keeps or frees it.

import CNet
import Glibc
import Model

/// A `curl_slist` of our own making.
final class HeaderList {
    private var text = UnsafeMutablePointer<CChar>.allocate(capacity: 1_024)
    private var room = 1_024
    private var used = 0
    /// Where each line begins in `text`.
    private var starts: [Int] = []
    private var nodes = UnsafeMutablePointer<curl_slist>.allocate(capacity: 8)
    private var nodeRoom = 8

    deinit {
        erase()
        text.deallocate()
        nodes.deallocate()
    }

    /// Begins anew, overwriting what may be secret.
    func removeAll() {
        erase()
        used = 0
        starts.removeAll(keepingCapacity: true)
    }

    /// - Parameter header: one without a line break (see `Request.check`).
    func append(_ header: Header) {
        // libcurl takes `Name:` for "leave this header out" and `Name;` for "send it empty".
        append(header.name, header.value.isEmpty ? ";" : ": ", header.value)
    }

    /// Keeps libcurl from sending a header of its own.
    func leaveOut(_ name: String) {
        append(name, ":", "")
    }

    private func append(_ name: String, _ separator: String, _ value: String) {
        let count = name.utf8.count + separator.utf8.count + value.utf8.count + 1
        if used + count > room { grow(to: max(room * 2, used + count)) }
        starts.append(used)
        copy(name)
        copy(separator)
        copy(value)
        text[used] = 0
        used += 1
    }

    /// There must be room for it.
    private func copy(_ part: String) {
        var part = part
        part.withUTF8 { bytes in
            UnsafeMutableRawBufferPointer(start: text + used, count: room - used).copyBytes(from: bytes)
            used += bytes.count
        }
    }

    private func erase() {
        // An ordinary loop of stores to memory that is freed next would be optimised away.
        explicit_bzero(text, used)
    }

    private func grow(to capacity: Int) {
        let larger = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
        larger.initialize(from: text, count: used)
        erase()
        text.deallocate()
        (text, room) = (larger, capacity)
    }

    /// The list, good until the next change; `nil` if it is empty.
    var pointer: UnsafeMutablePointer<curl_slist>? {
        guard !starts.isEmpty else { return nil }
        if starts.count > nodeRoom {
            nodes.deallocate()
            nodeRoom = starts.count * 2
            nodes = .allocate(capacity: nodeRoom)
        }
        for (index, start) in starts.enumerated() {
            let next = index + 1 < starts.count ? nodes + index + 1 : nil
            (nodes + index).initialize(to: curl_slist(data: text + start, next: next))
        }
        return nodes
    }
}
