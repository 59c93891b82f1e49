// What `inspect` looks at: a file, standard input, or an address, which is asked once, after the site's robots.txt.

import ArgumentParser
import Configuration
import Fetching
import Foundation
import Model
import Runtime

struct Subject {
    var bytes: [UInt8]
    var address: String?
    var headers: [Header]
    /// Why there are no bytes: what the server, or its robots.txt, said.
    var refusal: String?

    static func read(_ subject: String, _ options: InspectOptions, _ settings: SourceSettings?) async throws -> Subject
    {
        guard Address.parse(subject) == nil else { return try await fetch(subject, options, settings) }
        do {
            let file =
                subject == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: subject))
            let saved = SavedResponse([UInt8](try file.readToEnd() ?? Data()))
            let headers = options.headers.compactMap(Header.init(line:)) + saved.headers
            return Subject(bytes: saved.body, address: options.url, headers: headers)
        } catch {
            StandardError.write("earshot: \(subject) cannot be read: \(error.localizedDescription)")
            throw ExitCode(66)
        }
    }

    private static func fetch(
        _ address: String, _ options: InspectOptions, _ settings: SourceSettings?
    ) async throws -> Subject {
        let fetcher = Fetcher(transport: CurlTransport(executor: QueueExecutor(label: "earshot.network")))
        let polling = settings?.polling
        let isPrivate = options.allowPrivateAddresses || polling?.allowsPrivateAddresses == true
        let agent = [Header("User-Agent", Product.userAgent(contact: polling?.contact))]
        func ask(_ url: String) async -> FetchOutcome {
            let limits = FetchLimits(bodyBytes: 32 << 20)
            let request = Request(url: url, headers: agent, limits: limits, allowsPrivateAddresses: isPrivate)
            return await fetcher.fetch(request).outcome
        }
        if let place = Address.resolved("/robots.txt", against: address) {
            let answer = await ask(place)
            let robots = Robots(answer, agent: Product.robotsName)
            guard robots.allows(address) else {
                return Subject(bytes: [], address: address, headers: [], refusal: refusal(by: answer))
            }
        }
        switch await ask(address) {
        case .response(let response) where (200..<300).contains(response.status):
            return Subject(bytes: response.body, address: response.address, headers: response.headers)
        case .response(let response):
            return Subject(
                bytes: [], address: address, headers: [], refusal: "the server answered \(response.status)")
        case .failed(let failure):
            return Subject(bytes: [], address: address, headers: [], refusal: words(failure))
        }
    }

    /// - Parameter answer: to the question for the site's robots.txt.
    private static func refusal(by answer: FetchOutcome) -> String {
        switch answer {
        case .response(let response) where !(200..<300).contains(response.status):
            "the site's robots.txt cannot be had (the server answered \(response.status)), which is a no for now"
        case .response:
            """
            the site's robots.txt keeps \(Product.robotsName) off this address; a feed may be watched all the same, \
            written into the configuration by hand
            """
        case .failed(let failure): words(failure)
        }
    }

    private static func words(_ failure: FetchFailure) -> String {
        guard case .privateAddress = failure else { return "\(failure)" }
        return "\(failure); --allow-private-addresses lets it be"
    }
}

extension Header {
    /// `Name: value`.
    init?(line: String) {
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        self.init(String(parts[0]), parts[1].trimmingCharacters(in: .whitespaces))
    }
}
