// A real nginx on 127.0.0.1 for what a server of our own would only imitate: TLS, gzip, keep-alive at speed.
// Its files live in a directory of their own, which goes away with it.

import Foundation
import Glibc

/// An nginx that lives as long as the closure it is given to.
package struct NginxServer: Sendable {
    /// 127.0.0.1's port for plain HTTP.
    package let port: UInt16
    /// 127.0.0.1's port for TLS, with HTTP/2 for who asks for it.
    package let securePort: UInt16
    /// The server's certificate, which is also the authority that signed it: a PEM file.
    package let certificate: String

    private let directory: URL

    /// What went wrong before any test could start.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs nginx while `body` runs.
    ///
    /// - Parameters:
    ///   - locations: what stands inside nginx's `server` block.
    ///   - names: the certificate's subject alternative names, as openssl writes them.
    package static func serving<Result>(
        _ locations: String, names: String = "DNS:localhost,IP:127.0.0.1",
        _ body: (NginxServer) async throws -> Result
    ) async throws -> Result {
        let server = try NginxServer(names: names)
        defer { try? FileManager.default.removeItem(at: server.directory) }
        try server.start(locations)
        defer { server.stop() }
        return try await body(server)
    }

    private init(names: String) throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "nginx-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        certificate = directory.appending(path: "cert.pem").path
        (port, securePort) = (try Self.freePort(), try Self.freePort())
        try Self.run(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=\(names)", "-out", certificate,
            "-keyout", directory.appending(path: "key.pem").path)
    }

    /// Returns once nginx listens: it goes to the background only then. A worker for each processor, as Debian has it.
    private func start(_ locations: String) throws {
        let configuration = """
            pid \(directory.path)/pid; error_log \(directory.path)/error.log; worker_processes auto;
            events { worker_connections 4096; }
            http {
                access_log off; client_body_temp_path \(directory.path)/body; proxy_temp_path \(directory.path)/proxy;
                fastcgi_temp_path \(directory.path)/fastcgi; uwsgi_temp_path \(directory.path)/uwsgi;
                scgi_temp_path \(directory.path)/scgi; keepalive_requests 1000000; default_type text/plain;
                server {
                    listen 127.0.0.1:\(port); listen 127.0.0.1:\(securePort) ssl http2;
                    ssl_certificate \(certificate); ssl_certificate_key \(directory.path)/key.pem;
                    \(locations)
                }
            }
            """
        let file = directory.appending(path: "nginx.conf")
        try Data(configuration.utf8).write(to: file)
        try Self.run("nginx", "-c", file.path, "-e", directory.appending(path: "error.log").path)
    }

    /// Returns once nginx has left its folder: it removes its pid file last, and until then it writes there.
    private func stop() {
        let file = directory.appending(path: "pid")
        let text = try? String(contentsOf: file, encoding: .utf8)
        guard let pid = text.flatMap({ pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) else { return }
        kill(pid, SIGTERM)
        var patience = 5_000
        while patience > 0, FileManager.default.fileExists(atPath: file.path) {
            usleep(1_000)
            patience -= 1
        }
    }

    /// A port that was free a moment ago.
    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        guard let port = bindToLoopback(descriptor) else { throw Failure(description: "no free port") }
        return port
    }

    /// Runs a command to its end, without output. Foundation's Process would wait for nginx itself, not for the command
    /// that puts it in the background.
    private static func run(_ command: String...) throws {
        let arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for stream in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
        }
        let path = strdup("PATH=/usr/sbin:/usr/bin:/sbin:/bin")
        defer { free(path) }
        var (pid, status): (pid_t, Int32) = (0, 0)
        guard posix_spawnp(&pid, command[0], &actions, nil, arguments, [path, nil]) == 0,
            waitpid(pid, &status, 0) == pid, status == 0
        else { throw Failure(description: "\(command[0]) failed") }
    }
}
