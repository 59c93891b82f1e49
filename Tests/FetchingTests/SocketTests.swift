// What epoll is told of sockets, whose numbers come back as soon as they are closed.

import CNet
import Glibc
import Testing

@testable import Fetching

@Suite struct SocketTests {
    @Test func aSocketWithTheNumberOfAClosedOneIsWatchedAnew() throws {
        let interests = try SocketInterests()
        defer { close(interests.descriptor) }
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        interests.want(CURL_POLL_IN, of: pair[0])
        interests.flush()
        var other: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &other) == 0)
        try #require(dup2(other[0], pair[0]) == pair[0])
        defer { (pair + other).forEach { close($0) } }

        interests.forget(pair[0])
        interests.want(CURL_POLL_IN, of: pair[0])
        interests.flush()
        #expect(send(other[1], "x", 1, 0) == 1)
        #expect(cnet_wait(interests.descriptor, 999_999_999) == 1)
        #expect(interests.isWanted(pair[0]))
    }

    @Test func whatHappensOnASocketThatNobodyWantsIsToldOnce() throws {
        let interests = try SocketInterests()
        defer { close(interests.descriptor) }
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { close(pair[0]) }
        interests.want(CURL_POLL_IN, of: pair[0])
        interests.flush()
        interests.want(CURL_POLL_REMOVE, of: pair[0])
        interests.flush()
        close(pair[1])
        #expect(cnet_wait(interests.descriptor, 999_999_999) == 1)
        #expect(!interests.isWanted(pair[0]))
        #expect(cnet_wait(interests.descriptor, 0) == 0)
        // Wanted again, it is told of again.
        interests.want(CURL_POLL_IN, of: pair[0])
        interests.flush()
        #expect(cnet_wait(interests.descriptor, 0) == 1)
    }
}
