import Alerting
import Fetching
import Foundation
import Glibc
import Model
import Runtime
import TestSupport
import Testing

@testable import Monitoring

/// Ways to a receiver other than HTTP: real programs, real files, a real conversation in SMTP.
@Suite struct SenderTests {
    private let folder: TemporaryFolder
    private let sender = Sender(transport: ScriptedTransport([]), clock: ManualClock())
    private let delivery: Delivery

    init() throws {
        folder = try TemporaryFolder()
        delivery = try Delivery(
            Alert(
                id: "a_1", receiver: "webcare", made: Date(timeIntervalSince1970: 1_772_438_400),
                mentions: [.example(1)]))
    }

    private func attempt(_ target: Receiver.Target) async -> Answer? {
        await sender.attempt(delivery, at: Receiver(name: "webcare", target: target), userAgent: "test")
    }

    // MARK: Programs

    private func script(_ text: String, timeout: Duration = .seconds(20)) throws -> Receiver.Target {
        let path = try folder.write("program", "#!/bin/sh\n" + text)
        chmod(path, 0o700)
        return .command(Command(program: path, arguments: ["an argument", "$HOME; `id`"], timeout: timeout))
    }

    @Test func aProgramGetsThePayloadAndAlmostNothingElse() async throws {
        let path = folder.path
        let program = try script(
            "cat > \(path)/input; env > \(path)/env; echo \"$1|$2|$#\" > \(path)/arguments; pwd > \(path)/pwd")
        #expect(await attempt(program) == .accepted())
        #expect(try Array(folder.read("input").utf8) == delivery.body)
        #expect(try folder.read("arguments") == "an argument|$HOME; `id`|2\n")
        #expect(try folder.read("pwd") == "/\n")
        let names = try folder.read("env").split(separator: "\n").map { $0.prefix { $0 != "=" } }
        // The shell adds two of its own.
        #expect(
            Set(names).subtracting(["PWD", "_", "SHLVL", "OLDPWD"])
                == ["PATH", "LANG", "EARSHOT_ALERT", "EARSHOT_RECEIVER", "EARSHOT_ATTEMPT"])
    }

    @Test func aProgramThatDoesNotReadItsInputIsNoFailure() async throws {
        #expect(await attempt(.command(Command(program: "/bin/true"))) == .accepted())
        #expect(await attempt(try script("exec 0<&-; exit 0")) == .accepted())
    }

    @Test func theExitCodeIsTheAnswer() async throws {
        #expect(
            await attempt(try script("echo first; echo last >&2; exit 75")) == .busy(reason: "exited with 75: last"))
        #expect(await attempt(try script("exit 65")) == .refused(reason: "exited with 65"))
        #expect(await attempt(try script("kill -9 $$")) == .busy(reason: "ended by signal 9"))
    }

    @Test func whatIsNoProgramIsABusyReceiver() async throws {
        guard case .busy(let reason, _) = await attempt(.command(Command(program: folder.path + "/none"))) else {
            Issue.record("a missing program cannot have taken the alert")
            return
        }
        #expect(reason.hasPrefix("the program cannot be run"))
    }

    @Test func aProgramThatTalksWithoutEndIsReadAndEnded() async throws {
        let answer = await attempt(try script("yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", timeout: .seconds(1)))
        #expect(answer == .busy(reason: "the program was still running after 1.0 seconds"))
    }

    /// The second one ends when it is asked to, and leaves behind what it started.
    @Test(.timeLimit(.minutes(1)), arguments: ["trap '' TERM; ", ""])
    func aProgramThatIsEndedIsEndedWithAllItStarted(_ trap: String) async throws {
        let path = folder.path
        let stubborn = "sh -c 'trap \"\" TERM; echo $$ > \(path)/new; mv \(path)/new \(path)/child; exec sleep 600'"
        let program = try script("\(trap)\(stubborn) & wait", timeout: .seconds(600))
        let task = Task { await attempt(program) }
        while !FileManager.default.fileExists(atPath: path + "/child"), !Task.isCancelled { await Task.yield() }
        task.cancel()
        #expect(await task.value == nil)
        let child = try #require(pid_t(try folder.read("child").trimmingCharacters(in: .whitespacesAndNewlines)))
        // It was killed, and runs no more as soon as the machine gets to it.
        while isRunning(child), !Task.isCancelled { await Task.yield() }
        #expect(!isRunning(child))
    }

    /// What has ended may still wait to be reaped by init.
    private func isRunning(_ process: pid_t) -> Bool {
        guard let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !state.contains(") Z ") && !state.contains(") X ")
    }

    @Test func anAttemptThatIsCalledOffHasNoAnswer() async throws {
        let program = try script("touch \(folder.path)/started; exec sleep 600")
        let task = Task { await attempt(program) }
        while !FileManager.default.fileExists(atPath: folder.path + "/started") { await Task.yield() }
        task.cancel()
        #expect(await task.value == nil)
    }

    // MARK: Files

    @Test func aFileGetsALineForEachAlert() async throws {
        let file = Receiver.Target.file(LineFile(path: folder.path + "/alerts.jsonl"))
        #expect(await attempt(file) == .accepted())
        #expect(await attempt(file) == .accepted())
        let line = String(decoding: delivery.body, as: UTF8.self) + "\n"
        #expect(try folder.read("alerts.jsonl") == line + line)
    }

    @Test func aTornLineIsLeftAloneAndARotatedFileIsMadeAnew() async throws {
        try folder.write("alerts.jsonl", "{\"half\":")
        let file = Receiver.Target.file(LineFile(path: folder.path + "/alerts.jsonl"))
        #expect(await attempt(file) == .accepted())
        let line = String(decoding: delivery.body, as: UTF8.self) + "\n"
        #expect(try folder.read("alerts.jsonl") == "{\"half\":\n" + line)
        try FileManager.default.moveItem(atPath: folder.path + "/alerts.jsonl", toPath: folder.path + "/alerts.1")
        #expect(await attempt(file) == .accepted())
        #expect(try folder.read("alerts.jsonl") == line)
    }

    @Test func manyAtOnceDoNotCutEachOther() async throws {
        let file = Receiver.Target.file(LineFile(path: folder.path + "/alerts.jsonl"))
        await withTaskGroup(of: Answer?.self) { group in
            for _ in 0..<40 { group.addTask { await attempt(file) } }
            for await answer in group { #expect(answer == .accepted()) }
        }
        let lines = try folder.read("alerts.jsonl").split(separator: "\n")
        #expect(lines.count == 40 && Set(lines).count == 1)
    }

    /// Another open file is another program to flock(2).
    private func locked() throws -> (file: LineFile, lock: FileHandle) {
        let path = try folder.write("alerts.jsonl", "")
        let lock = try #require(FileHandle(forUpdatingAtPath: path))
        try #require(flock(lock.fileDescriptor, LOCK_EX) == 0)
        return (LineFile(path: path), lock)
    }

    @Test func aFileThatAnotherProgramHasLockedIsTriedAgain() async throws {
        let (file, lock) = try locked()
        let busy = Answer.busy(reason: "\(file.path): is locked by another program")
        #expect(await LineFiles(patience: .milliseconds(50)).append(delivery, to: file) == busy)
        #expect(try folder.read("alerts.jsonl").isEmpty)
        try lock.close()
        #expect(await LineFiles(patience: .zero).append(delivery, to: file) == .accepted())
    }

    @Test func aLockThatIsGivenUpIsWaitedFor() async throws {
        let (file, lock) = try locked()
        let files = LineFiles(patience: .seconds(60))
        async let answer = files.append(delivery, to: file)
        // It is opened before the lock is asked for.
        while try openFiles(file.path) < 2 { await Task.yield() }
        try lock.close()
        #expect(await answer == .accepted())
    }

    private func openFiles(_ path: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path
        }
    }

    /// If each had a patience of its own, they would take longer together than the test may.
    @Test(.timeLimit(.minutes(1))) func whatIsInLineBehindALockWaitsWithTheFirst() async throws {
        let (file, lock) = try locked()
        let files = LineFiles(patience: .milliseconds(400))
        await withTaskGroup(of: Answer.self) { group in
            for _ in 0..<200 { group.addTask { await files.append(delivery, to: file) } }
            for await answer in group { #expect(answer == .busy(reason: "\(file.path): is locked by another program")) }
        }
        try lock.close()
    }

    @Test func attemptsAtOneFileDoNotLockEachOtherOut() async throws {
        let files = LineFiles(patience: .zero)
        let file = LineFile(path: folder.path + "/alerts.jsonl")
        await withTaskGroup(of: Answer.self) { group in
            for _ in 0..<40 { group.addTask { await files.append(delivery, to: file) } }
            for await answer in group { #expect(answer == .accepted()) }
        }
    }

    @Test func aFileThatCannotBeWrittenIsTriedAgain() async throws {
        let path = "/proc/nothing/here"
        guard case .busy(let reason, _) = await attempt(.file(LineFile(path: path))) else {
            Issue.record("it cannot have been written")
            return
        }
        #expect(reason.hasPrefix(path))
    }

    @Test func aDeviceIsNoFile() async {
        #expect(
            await attempt(.file(LineFile(path: "/dev/null"))) == .refused(reason: "/dev/null: is no regular file"))
    }

    // MARK: Mail

    private func email(_ port: Int, security: Email.Security = .none, timeout: Duration = .seconds(20)) throws
        -> Receiver.Target
    {
        .email(
            Email(
                server: Email.Server(
                    host: "127.0.0.1", port: port, security: security, user: "bot", password: "pass word",
                    timeout: timeout), from: try #require(MailAddress("Earshot <earshot@acme.example>")),
                to: [try #require(MailAddress("a@acme.example")), try #require(MailAddress("b@acme.example"))]))
    }

    @Test func aMailIsHandedOverWholeAndOnce() async throws {
        try await SMTPServer.serving { server in
            #expect(await attempt(try email(server.port)) == .accepted())
            let mail = try #require(server.mails.first)
            #expect(server.mails.count == 1)
            #expect(mail.from.hasPrefix("<earshot@acme.example>"))
            #expect(mail.to == ["<a@acme.example>", "<b@acme.example>"])
            #expect(mail.login == "\0bot\0pass word")
            #expect(mail.message.contains("Message-ID: <a_1@acme.example>\r\n"))
            #expect(mail.message.contains("Subject: zeebank: Titel 1\r\n"))
        }
    }

    @Test(arguments: [
        ("RCPT", "550 5.1.1 no such user", true), ("RCPT", "450 4.2.1 greylisted", false),
        ("MAIL", "552 too large", true), ("DATA.", "554 spam", true), ("DATA.", "451 try later", false),
        ("AUTH", "535 wrong", true), ("EHLO", "421 too many connections", false),
    ])
    func aServersNoIsARefusalAndItsNotNowIsNot(_ command: String, _ reply: String, _ isFinal: Bool) async throws {
        try await SMTPServer.serving(replies: [command: reply, "HELO": reply]) { server in
            let answer = await attempt(try email(server.port))
            switch answer {
            case .refused(let reason): #expect(isFinal && reason == answered(reply))
            case .busy(let reason, _): #expect(!isFinal && reason == answered(reply))
            default: Issue.record("\(String(describing: answer))")
            }
            #expect(server.mails.isEmpty)
        }
    }

    /// The server's own words are for whoever has to mend it.
    private func answered(_ reply: String) -> String {
        "answered \(reply.prefix(3)): \(reply.dropFirst(4))"
    }

    @Test func aServerThatRepeatsThePasswordIsNotQuoted() async throws {
        for echo in ["pass word", Data("\0bot\0pass word".utf8).base64EncodedString()] {
            try await SMTPServer.serving(replies: ["AUTH": "535 wrong: \(echo)"]) { server in
                let answer = await attempt(try email(server.port))
                #expect(answer == .refused(reason: "answered 535: Login denied"))
            }
        }
    }

    @Test func withoutTLSNothingIsSentWhereItIsAskedFor() async throws {
        try await SMTPServer.serving { server in
            for security in [Email.Security.starttls, .tls] {
                guard case .busy = await attempt(try email(server.port, security: security)) else {
                    Issue.record("\(security) was not there")
                    continue
                }
            }
            #expect(server.mails.isEmpty)
        }
    }

    @Test func aServerThatHangsIsGivenUp() async throws {
        try await ScriptedBytesServer.serving {
            $0.waitForClose()
        } _: { server in
            let answer = await attempt(try email(Int(server.port), timeout: .seconds(1)))
            guard case .busy(let reason, _) = answer else {
                Issue.record("\(String(describing: answer))")
                return
            }
            #expect(reason.contains("timed out") || reason.contains("timeout"))
        }
    }

    /// libcurl would say QUIT and wait two minutes for the answer.
    @Test(.timeLimit(.minutes(1)), arguments: [["DATA.": SMTPServer.silence], ["QUIT": SMTPServer.silence]])
    func aServerThatDoesNotEvenSayGoodbyeIsGivenUp(_ replies: [String: String]) async throws {
        try await SMTPServer.serving(replies: replies) { server in
            let answer = await attempt(try email(server.port, timeout: .seconds(1)))
            #expect((answer == .accepted()) == (server.mails.count == 1))
        }
    }
}
