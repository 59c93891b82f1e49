// A response as it came over the wire, on its way from the network queue to the task that asked for it, which takes the
// encodings off: that costs time which the network queue does not have.

/// A whole exchange, its body still encoded.
struct Arrival: Sendable {
    var status: Int
    var lines: HeaderLines
    var body: [UInt8]
    var bodyWasCut: Bool
    /// What answered, where we connected to it ourselves.
    var peer: IPAddress?

    /// Whether decoding it costs anything.
    var isEncoded: Bool {
        !body.isEmpty && lines.first("Content-Encoding") != nil
    }

    /// The response to a request for `address` (which holds no credentials).
    func response(address: String) -> Response {
        Response(
            status: status, lines: lines, body: body, address: address, bodyWasCut: bodyWasCut, remote: peer)
    }

    /// The same without its encodings, or why that cannot be.
    ///
    /// An encoded body that is larger than `limits` allow, or was cut off at them, is left out where bodies are cut:
    /// of half of it nothing can be read.
    func decoded(_ limits: FetchLimits) -> Result<Arrival, FetchFailure> {
        var arrival = self
        do throws(DecodingFailure) {
            let encoding = try ContentEncoding(lines.all("Content-Encoding"))
            guard !bodyWasCut || encoding.isNone else { throw .tooLarge }
            arrival.body = try encoding.decoded(body, limit: limits.bodyBytes)
            return .success(arrival)
        } catch {
            switch error {
            case .broken: return .failure(.badEncoding)
            case .tooLarge where limits.overflow == .fails: return .failure(.bodyTooLarge(limit: limits.bodyBytes))
            case .tooLarge:
                arrival.body = []
                arrival.bodyWasCut = true
                return .success(arrival)
            }
        }
    }
}
