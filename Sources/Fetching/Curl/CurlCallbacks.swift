// The functions that libcurl calls. They run on the network queue, inside a call of ours into libcurl, and only note
// what they were told; none calls back into libcurl.
//
// Why the unretained pointers are sound: an `EasyHandle` is held by its `Transfer`, and that by
// `CurlTransport.transfers`, from before it is added to the multi handle until after it is removed, and libcurl calls
// with its pointer only in between. A `CurlLoop` unsets its two callbacks before it cleans the multi handle up, and is
// alive until then.

import CNet
import Glibc

private func transfer(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
    pointer.map { Unmanaged<EasyHandle>.fromOpaque($0).takeUnretainedValue() }?.transfer
}

private func loop(_ pointer: UnsafeMutableRawPointer?) -> CurlLoop? {
    pointer.map { Unmanaged<CurlLoop>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_WRITEFUNCTION: a piece of the decoded body. Any count but the whole ends the transfer.
func curlWroteBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.take(body: piece) == true ? piece.count : 0
}

/// CURLOPT_HEADERFUNCTION: one line of a header, or of a trailer.
func curlWroteHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.take(header: line) == true ? line.count : 0
}

/// CURLOPT_OPENSOCKETFUNCTION: the address that is about to be connected to, and the place to refuse it.
func curlOpensSocket(
    _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let transfer = transfer(context), let address, let bytes = cnet_address(address) else {
        return CURL_SOCKET_BAD
    }
    let length = Int(min(address.pointee.addrlen, UInt32(MemoryLayout<sockaddr_storage>.size)))
    let raw = UnsafeRawBufferPointer(start: bytes, count: length)
    guard transfer.admits(IPAddress(socketAddress: raw)) else { return CURL_SOCKET_BAD }
    let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
    let opened = socket(address.pointee.family, kind, address.pointee.protocol)
    if opened < 0 { transfer.lacksSocket(errno) }
    return opened
}

/// CURLOPT_PREREQFUNCTION: connected, or about to reuse a connection. A connection that a request with wider rights
/// has opened is still there for the next one to the same host, so its address is judged again.
func curlIsAboutToAsk(
    _ context: UnsafeMutableRawPointer?, _ remote: UnsafeMutablePointer<CChar>?,
    _ local: UnsafeMutablePointer<CChar>?, _ remotePort: Int32, _ localPort: Int32
) -> Int32 {
    guard let transfer = transfer(context), let remote else { return CURL_PREREQFUNC_ABORT }
    let address = IPAddress(cString: remote)
    transfer.remote = address
    return transfer.admits(address) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// CURLOPT_RESOLVER_START_FUNCTION: libcurl is about to look a name up by itself, in a thread, without our cache, our
/// bounds and our check. It may not; only an address needs no looking up.
func curlLooksUp(
    _ resolver: UnsafeMutableRawPointer?, _ reserved: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    transfer(context)?.admitsLookup() == true ? 0 : 1
}

/// CURLMOPT_SOCKETFUNCTION: what libcurl wants to know about a socket from now on.
func curlWantsSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
    _ socketContext: UnsafeMutableRawPointer?
) -> Int32 {
    loop(context)?.want(what, of: socket, for: easy)
    return 0
}

/// CURLMOPT_TIMERFUNCTION: when libcurl wants to be called at the latest; -1 for never.
func curlWantsTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?)
    -> Int32
{
    loop(context)?.setDeadline(milliseconds: milliseconds)
    return 0
}
