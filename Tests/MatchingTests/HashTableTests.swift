// The table that words and phrases are told apart by while a set is compiled.

import Simulation
import Testing

@testable import Matching

@Suite struct HashTableTests {
    @Test func whatWasInsertedIsFoundHoweverMuchItGrew() {
        var dice = Dice(seed: 5)
        // Hashes in groups of four that share their upper halves, as collisions would.
        let hashes = (0..<5000).flatMap { _ in
            let upper = dice.next() & ~0xFFFF_FFFF
            return (0..<4).map { _ in upper | dice.next() & 0xFFFF_FFFF }
        }
        var table = HashTable()
        for (number, hash) in hashes.enumerated() {
            #expect(table.first(hash) { hashes[$0] == hash } == nil)
            table.insert(hash, number)
        }
        #expect(table.count == hashes.count)
        for (number, hash) in hashes.enumerated() {
            #expect(table.first(hash) { hashes[$0] == hash } == number)
            var found: [Int] = []
            table.forEach(hash) { found.append($0) }
            #expect(found.sorted() == Array(number / 4 * 4..<number / 4 * 4 + 4))
        }
    }
}
