// What the tests of this module share.

import CNet
import Fetching
import Model
import Runtime
import TestSupport
import Testing

/// A transport on a queue of its own.
func makeTransport(_ settings: CurlSettings = CurlSettings()) -> CurlTransport {
    CurlTransport(executor: QueueExecutor(label: "network"), settings: settings)
}

/// A request that may go to loopback, as every real server of these tests is there.
func local(_ url: String, limits: FetchLimits = FetchLimits()) -> Request {
    Request(url: url, limits: limits, allowsPrivateAddresses: true)
}

/// Limits for servers that never come to an end.
let impatient = FetchLimits(total: .seconds(1))

/// What a fresh transport makes of a server that runs `script`.
func outcome(
    limits: FetchLimits = FetchLimits(), of script: @escaping ScriptedBytesServer.Script
) async throws -> FetchOutcome {
    try await ScriptedBytesServer.serving(script) { server in
        await makeTransport().send(local(server.base, limits: limits))
    }
}

/// The same for a server that waits for the request and answers with `text`.
func outcome(limits: FetchLimits = FetchLimits(), ofAnswer text: String) async throws -> FetchOutcome {
    try await outcome(limits: limits) { connection in
        connection.readRequest()
        connection.send(text)
    }
}

extension FetchOutcome {
    var response: Response? {
        if case .response(let response) = self { response } else { nil }
    }

    var failure: FetchFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}

/// `bytes` as a gzip file of one member.
func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    let compressor = libdeflate_alloc_compressor(6)
    defer { libdeflate_free_compressor(compressor) }
    return [UInt8](unsafeUninitializedCapacity: bytes.count + 1_024) { output, count in
        count = libdeflate_gzip_compress(compressor, bytes, bytes.count, output.baseAddress, output.count)
    }
}
