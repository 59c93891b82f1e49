// Processor time, and turning many runs into one figure.

package import Glibc

/// User and system time of this process so far, or of the children it has waited for, in microseconds.
package func processorTime(of who: __rusage_who = RUSAGE_SELF) -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(who.rawValue), &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return Double(seconds) * 1e6 + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

/// Microseconds of processor time for each of what `body` says it has done.
package func cost(_ body: () async throws -> Int) async rethrows -> Double {
    let start = processorTime()
    let done = try await body()
    return (processorTime() - start) / Double(max(1, done))
}

package func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
}

package func rounded(_ value: Double, _ digits: Double = 100) -> Double {
    (value * digits).rounded() / digits
}
