// `earshot receivers test`: does what is configured arrive?

import ArgumentParser
import Configuration
import Control
import Fetching
import Foundation
import Model
import Monitoring
import Runtime

struct ReceiversCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receivers", abstract: "Try the receivers of the configuration.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a receiver an alert that is marked as a test, and show what it says.",
            discussion: """
                The running daemon sends it, with its own rights and the configuration it has loaded; when none runs, \
                this command does. There is one attempt.
                """)

        @OptionGroup var daemon: RunningDaemon

        @Argument(help: "The receiver's name.")
        var name: String

        func run() async throws {
            let client = try daemon.client()
            let test: ReceiverTest
            do {
                test = try await client.post(ReceiverTest.self, "/receivers/test", body: name)
            } catch let error as ControlError where error.status == 503 {
                let settings = try daemon.file.load()
                StandardError.write("no daemon runs, so the test is sent from here")
                test = try await sendFromHere(settings)
            } catch {
                StandardError.write("\(error)")
                throw ExitCode.failure
            }
            let name = Visible.text(test.receiver)
            guard test.isAccepted else {
                let reason = Visible.text(test.reason ?? "no reason given")
                StandardError.write("\(name) did not take \(test.alert): \(reason)")
                throw ExitCode.failure
            }
            let pause = test.pause.map { "; it wants to be left alone for \(Int($0.rounded(.up))) s now" } ?? ""
            print("\(name) took \(test.alert)\(pause)")
        }

        private func sendFromHere(_ settings: Settings) async throws -> ReceiverTest {
            let transport = CurlTransport(executor: QueueExecutor(label: "earshot.network"))
            let test = await ReceiverTest.send(to: name, settings, transport: transport, clock: SystemClock())
            await transport.shutdown()
            guard let test else {
                StandardError.write("the configuration has no receiver \(Visible.text(name))")
                throw ExitCode.failure
            }
            return test
        }
    }
}
