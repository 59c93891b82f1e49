// Attempts by a program of the user's: the payload on its standard input, its exit code as the answer (sysexits.h).

import Alerting
import FoundationEssentials
import Glibc
import Model
import Subprocess
import SystemPackage

/// One run of a receiver's program.
struct ProgramRun {
    let command: Command

    /// A program that is told to end has this long before it is killed, with all that it started.
    private static let grace: Duration = .seconds(2)

    /// What is known of the outside in it: which alert this is, and to whom it goes.
    private static func environment(_ delivery: Delivery) -> Environment {
        .custom([
            "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
            "EARSHOT_ALERT": delivery.id, "EARSHOT_RECEIVER": delivery.receiver,
            "EARSHOT_ATTEMPT": "\(delivery.attempts + 1)",
        ])
    }

    /// - Returns: `nil` when it was called off.
    func attempt(_ delivery: Delivery) async -> Answer? {
        do {
            let answer = try await withThrowingTaskGroup(of: Answer.self) { group in
                group.addTask { try await run(delivery) }
                group.addTask {
                    try await Task.sleep(for: command.timeout)
                    return .busy(reason: "the program was still running after \(command.timeout)")
                }
                defer { group.cancelAll() }
                return try await group.next()
            }
            // A program that we have just ended says nothing of its receiver, unless it was done.
            return Task.isCancelled && answer != .accepted() ? nil : answer
        } catch is CancellationError {
            return nil
        } catch {
            return Task.isCancelled ? nil : .busy(reason: "the program cannot be run: \(error)")
        }
    }

    private func run(_ delivery: Delivery) async throws -> Answer {
        var options = PlatformOptions()
        // A session of its own, so that what it starts can be ended with it.
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.grace)]
        var session: pid_t?
        // The sequence stops when the program has ended, whatever that leaves behind.
        defer { if Task.isCancelled, let session { kill(-session, SIGKILL) } }
        let result = try await Subprocess.run(
            .path(FilePath(command.program)), arguments: Arguments(command.arguments),
            environment: Self.environment(delivery), workingDirectory: "/", platformOptions: options,
            input: .fileDescriptor(try Self.file(of: delivery.body), closeAfterSpawningProcess: true),
            output: .sequence, error: .combinedWithOutput
        ) { execution in
            session = execution.processIdentifier.value
            return try await Self.output(execution.standardOutput)
        }
        return Self.answer(result.terminationStatus, result.closureResult)
    }

    /// A file without a name, which the program reads when it likes, or not at all: a pipe that nobody reads is a fatal
    /// error in Subprocess 1.0.2.
    private static func file(of body: [UInt8]) throws -> FileDescriptor {
        var path = Array("/tmp/earshot-XXXXXX".utf8CString)
        let file = FileDescriptor(rawValue: mkstemp(&path))
        guard file.rawValue >= 0 else { throw Errno(rawValue: errno) }
        unlink(path)
        do {
            try file.writeAll(body)
            try file.seek(offset: 0, from: FileDescriptor.SeekOrigin.start)
        } catch {
            try? file.close()
            throw error
        }
        return file
    }

    /// Its first words; the rest is read and forgotten, so that it never waits for a reader.
    private static func output(_ sequence: SubprocessOutputSequence) async throws -> [UInt8] {
        var kept: [UInt8] = []
        for try await buffer in sequence where kept.count < Sender.answerBytes {
            buffer.withUnsafeBytes { kept += $0.prefix(Sender.answerBytes - kept.count) }
        }
        return kept
    }

    /// 64 (usage), 65 (data) and 78 (configuration) will be the same at every attempt; all else may pass, as 75 says.
    static func answer(_ status: TerminationStatus, _ output: [UInt8]) -> Answer {
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.last.map { String($0).reasonText } ?? ""
        let said = words.isEmpty ? "" : ": " + words
        switch status {
        case .exited(0): return .accepted()
        case .exited(let code) where [64, 65, 78].contains(code): return .refused(reason: "exited with \(code)\(said)")
        case .exited(let code): return .busy(reason: "exited with \(code)\(said)")
        case .signaled(let signal): return .busy(reason: "ended by signal \(signal)\(said)")
        }
    }
}
