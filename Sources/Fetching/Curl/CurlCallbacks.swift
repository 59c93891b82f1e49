// The functions that libcurl calls. They run on the network queue, inside a call of ours into libcurl, and only note
// what they were told; none calls back into libcurl.
//
// Why the unretained pointers are sound: an `EasyHandle` is held by its `Transfer`, and that by
// `CurlTransport.transfers`, from before it is added to the multi handle until after it is removed, and libcurl calls
// with its pointer only in between. A `CurlLoop` unsets its two callbacks before it cleans the multi handle up, and is
// alive until then. So nobody has to be retained while a callback runs, of which a 304 has a dozen.

import CNet
import Glibc

@inline(__always)
private func withTransfer<Result>(_ pointer: UnsafeMutableRawPointer?, _ body: (Transfer) -> Result) -> Result? {
    guard let pointer else { return nil }
    return Unmanaged<EasyHandle>.fromOpaque(pointer)._withUnsafeGuaranteedRef { easy in
        easy.lentTransfer?._withUnsafeGuaranteedRef(body)
    }
}

@inline(__always)
private func withLoop(_ pointer: UnsafeMutableRawPointer?, _ body: (CurlLoop) -> Void) {
    guard let pointer else { return }
    Unmanaged<CurlLoop>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body)
}

/// CURLOPT_WRITEFUNCTION: a piece of the decoded body. Any count but the whole ends the transfer.
func curlWroteBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return withTransfer(context) { $0.take(body: piece) } == true ? piece.count : 0
}

/// CURLOPT_HEADERFUNCTION: one line of a header, or of a trailer.
func curlWroteHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return withTransfer(context) { $0.take(header: line) } == true ? line.count : 0
}

/// CURLOPT_OPENSOCKETFUNCTION: the address that is about to be connected to, and the place to refuse it. Also where a
/// descriptor's number gets another meaning, which epoll is told of.
func curlOpensSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let bytes = cnet_address(address) else { return CURL_SOCKET_BAD }
    let length = Int(min(address.pointee.addrlen, UInt32(MemoryLayout<sockaddr_storage>.size)))
    let raw = UnsafeRawBufferPointer(start: bytes, count: length)
    let opened = withTransfer(context) { transfer in
        guard transfer.admits(IPAddress(socketAddress: raw)) else { return CURL_SOCKET_BAD }
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        let opened = socket(address.pointee.family, kind, address.pointee.protocol)
        if opened < 0 { transfer.lacksSocket(errno) } else { transfer.easy?.hasOpened(opened) }
        return opened
    }
    return opened ?? CURL_SOCKET_BAD
}

/// CURLOPT_PREREQFUNCTION: connected, or about to reuse a connection. A connection that a request with wider rights
/// has opened is still there for the next one to the same host, so its address is judged again.
func curlIsAboutToAsk(
    _ context: UnsafeMutableRawPointer?, _ remote: UnsafeMutablePointer<CChar>?,
    _ local: UnsafeMutablePointer<CChar>?, _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    guard let remote else { return CURL_PREREQFUNC_ABORT }
    let isAdmitted = withTransfer(context) { transfer in
        let address = IPAddress(cString: remote)
        transfer.remote = address
        return transfer.admits(address)
    }
    return isAdmitted == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// CURLOPT_RESOLVER_START_FUNCTION: libcurl is about to look a name up by itself, in a thread, without our cache, our
/// bounds and our check. It may not; only an address needs no looking up.
func curlLooksUp(
    _ resolver: UnsafeMutableRawPointer?, _ reserved: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    withTransfer(context) { $0.admitsLookup() } == true ? 0 : 1
}

/// CURLMOPT_SOCKETFUNCTION: what libcurl wants to know about a socket from now on.
func curlWantsSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
    _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
    withLoop(context) { $0.want(what, of: socket, for: easy) }
    return 0
}

/// CURLMOPT_TIMERFUNCTION: when libcurl wants to be called at the latest; -1 for never.
func curlWantsTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?)
    -> Int32
{
    withLoop(context) { $0.setDeadline(milliseconds: milliseconds) }
    return 0
}
