// The real program, started as a process of its own: spawned by hand, since Foundation's Process lets one child inherit
// another's pipes, after which neither seems to end.

import Dispatch
import Foundation
import Glibc
import TestSupport

/// A running `earshot`.
final class Program: Sendable {
    private let process: pid_t
    private let output = Shared(Data())
    private let errors = Shared(Data())
    private let exit = Shared<Int32>(0)
    private let lines: AsyncStream<String>
    private let ends: AsyncStream<Void>

    /// - Parameters:
    ///   - environment: added to a bare one.
    ///   - folder: the working directory, if it is not that of the tests.
    init(_ arguments: [String], environment: [String: String] = [:], in folder: TemporaryFolder? = nil) throws {
        let (outRead, outWrite) = try Self.pipe()
        let (errRead, errWrite) = try Self.pipe()
        process = try Self.spawn(arguments, environment, folder, output: outWrite, errors: errWrite)
        close(outWrite)
        close(errWrite)
        let (lines, newLine) = AsyncStream<String>.makeStream()
        let (ends, end) = AsyncStream<Void>.makeStream()
        self.lines = lines
        self.ends = ends
        let (process, output, errors, exit) = (process, output, errors, exit)
        let reading = DispatchGroup()
        Self.thread(in: reading) { Self.read(outRead) { data in output.withLock { $0 += data } } }
        Self.thread(in: reading) {
            Self.read(errRead) { data in
                errors.withLock { $0 += data }
                for line in String(decoding: data, as: UTF8.self).split(separator: "\n") { newLine.yield(String(line)) }
            }
            newLine.finish()
        }
        Self.thread(in: nil) {
            var status: Int32 = 0
            waitpid(process, &status, 0)
            reading.wait()
            let code = status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
            exit.withLock { $0 = code }
            end.finish()
        }
    }

    var standardOutput: String { String(decoding: output.withLock { $0 }, as: UTF8.self) }
    var standardError: String { String(decoding: errors.withLock { $0 }, as: UTF8.self) }

    /// Returns once a line with `text` has come on standard error; `false` if the process ended before.
    func logs(_ text: String) async -> Bool {
        for await line in lines where line.contains(text) { return true }
        return false
    }

    func send(_ signal: Int32) {
        kill(process, signal)
    }

    /// Waits for the end; returns the exit code, or the signal as a negative number.
    func ended() async -> Int32 {
        for await _ in ends {}
        return exit.withLock { $0 }
    }

    /// Runs a command to its end.
    static func run(_ arguments: String...) async throws -> (code: Int32, output: String, errors: String) {
        try await run(arguments)
    }

    static func run(
        _ arguments: [String], in folder: TemporaryFolder? = nil
    ) async throws -> (code: Int32, output: String, errors: String) {
        let program = try Program(arguments, in: folder)
        let code = await program.ended()
        return (code, program.standardOutput, program.standardError)
    }

    // MARK: Spawning

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], _ folder: TemporaryFolder?, output: Int32, errors: Int32
    ) throws -> pid_t {
        let start = (folder.map { ["/usr/bin/env", "-C", $0.path] } ?? []) + [binary().path]
        let bare = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
        let variables = bare.merging(environment) { _, own in own }.map { "\($0)=\($1)" }
        let argv = (start + arguments).map { strdup($0) } + [nil]
        let envp = variables.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        var process: pid_t = 0
        guard posix_spawn(&process, start[0], &actions, nil, argv, envp) == 0 else {
            throw Failure(description: "\(start[0]) cannot be started")
        }
        return process
    }

    /// Built beside the tests.
    private static func binary() -> URL {
        let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
        let tests = bundle ?? URL(fileURLWithPath: CommandLine.arguments[0])
        return tests.deletingLastPathComponent().appendingPathComponent("earshot")
    }

    /// A pair of sockets, which unlike a pipe can be closed to other children from the start.
    private static func pipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Failure(description: "no pipe") }
        return (ends[0], ends[1])
    }

    private static func read(_ descriptor: Int32, _ take: (Data) -> Void) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while case let count = Glibc.read(descriptor, &bytes, bytes.count), count > 0 {
            take(Data(bytes.prefix(count)))
        }
        close(descriptor)
    }

    private static func thread(in group: DispatchGroup?, _ body: @escaping @Sendable () -> Void) {
        group?.enter()
        Thread.detachNewThread {
            body()
            group?.leave()
        }
    }
}
