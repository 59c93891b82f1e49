// What the programs of others need for feeds that have not changed, for the reader: `curl --parallel`, newsboat and
// sfeed_update, as Debian has them. Whichever is not installed is left out.

import Glibc
import Measuring
import TestSupport

/// Polls `count` unchanged feeds at `base` by each program, the second time, when it knows them.
struct OtherPrograms {
    let base: String
    let count: Int
    let folder: TemporaryFolder

    func run() throws {
        try folder.write("curl.conf", (0..<count).map { "url = \"\(base)/\($0)\"\noutput = /dev/null\n" }.joined())
        try folder.write("urls", (0..<count).map { "\(base)/\($0)\n" }.joined())
        let feeds = (0..<count).map { "feed \($0) '\(base)/\($0)'\n" }.joined()
        try folder.write("sfeedrc", "maxjobs=16\nsfeedpath='\(folder.path)/feeds'\nfeeds() {\n\(feeds)}\n")
        let path = folder.path
        measure(
            "curl --parallel", "curl -s --parallel --parallel-max 256 -H 'If-None-Match: \"5f3a\"' -K \(path)/curl.conf"
        )
        measure("newsboat", "newsboat -u \(path)/urls -c \(path)/cache.db -C /dev/null -x reload")
        measure("sfeed_update", "sfeed_update \(path)/sfeedrc")
    }

    private func measure(_ name: String, _ command: String) {
        let line = "export HOME=\(folder.path); cd \(folder.path); \(command) >/dev/null 2>&1"
        guard shell("command -v \(name.prefix { $0 != " " }) >/dev/null") == 0, shell(line) == 0 else {
            return print("  \(name): not installed, or it failed")
        }
        let before = processorTime(of: RUSAGE_CHILDREN)
        _ = shell(line)
        let cost = (processorTime(of: RUSAGE_CHILDREN) - before) / Double(count)
        print("  \(name): \(rounded(cost, 10)) µs a feed")
    }

    private func shell(_ line: String) -> Int32 {
        var arguments = ["sh", "-c", line].map { $0.withCString { strdup($0) } } + [nil]
        defer { for argument in arguments { free(argument) } }
        var (pid, status): (pid_t, Int32) = (0, 0)
        guard posix_spawnp(&pid, "sh", nil, nil, &arguments, environ) == 0, waitpid(pid, &status, 0) == pid else {
            return -1
        }
        return status
    }
}
