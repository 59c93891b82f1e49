// From libcurl's error codes to words a person understands. Pure, apart from asking the handle how far it had come.

import CNet

extension EasyHandle {
    /// What became of `transfer`, now that libcurl has ended it with `code`.
    func outcome(of transfer: Transfer, _ code: CURLcode) -> Result<Arrival, FetchFailure> {
        if code == CURLE_OK { return .success(transfer.arrival) }
        if let stopped = transfer.stopped { return .failure(stopped) }
        // The write callback has had enough; that is how a body is cut.
        if transfer.bodyWasCut { return .success(transfer.arrival) }
        return .failure(failure(code, transfer))
    }

    private func failure(_ code: CURLcode, _ transfer: Transfer) -> FetchFailure {
        switch code {
        case CURLE_URL_MALFORMAT: .badAddress
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameNotFound
        // The second code comes from the callback that judges a connection before it is used.
        case CURLE_COULDNT_CONNECT, CURLE_ABORTED_BY_CALLBACK:
            transfer.obstacle ?? .connectionFailed
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR: .connectionReset
        case CURLE_RECV_ERROR: reason.hasSuffix("chunked-encoding") ? .badResponse("broken chunks") : .connectionReset
        case CURLE_PARTIAL_FILE: .bodyIncomplete
        case CURLE_OPERATION_TIMEDOUT: .timedOut(phase(of: transfer))
        // A header line of more than 100 KB, not a lack of memory.
        case CURLE_OUT_OF_MEMORY: .headersTooLarge
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR: .badEncoding
        case CURLE_FILESIZE_EXCEEDED: .bodyTooLarge(limit: transfer.request.limits.bodyBytes)
        default: rarerFailure(code)
        }
    }

    private func rarerFailure(_ code: CURLcode) -> FetchFailure {
        switch code {
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED, CURLE_SSL_INVALIDCERTSTATUS:
            .tls(reason)
        // The addresses are http or https, so this is about the answer: not HTTP at all, or HTTP/0.9.
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            .badResponse(reason)
        default: .unexpected(String(cString: curl_easy_strerror(code)))
        }
    }

    private func phase(of transfer: Transfer) -> FetchFailure.Phase {
        if transfer.head.status != 0 { return .reading }
        if cnet_get_size(pointer, CURLINFO_PRETRANSFER_TIME_T) != 0 { return .waiting }
        // The host's address was known before libcurl began.
        return .connecting
    }
}
