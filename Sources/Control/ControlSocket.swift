// Where the local interface is found.

package enum ControlSocket {
    /// The socket of the daemon that runs on a state folder.
    package static func path(state: String) -> String {
        state + "/earshot.sock"
    }

    /// The kernel has room for 108 bytes (unix(7)); FlyingSocks cuts after 104.
    private static let longest = 104

    /// - Throws: when the path is longer than a socket's may be.
    static func check(_ path: String) throws(ControlError) {
        guard path.utf8.count <= longest else {
            throw ControlError(status: 500, "\(path): longer than the \(longest) bytes that a socket's path may have")
        }
    }
}
