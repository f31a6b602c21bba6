import Domain
import Testing

@testable import Similarity

@Suite struct FactsTableTests {
    @Test("What is put in comes out, whatever was there before")
    func roundTrip() throws {
        let shelf = try Shelf(300, seed: 1)
        var table = shelf.table
        for (id, facts) in shelf.facts { #expect(table[id] == Shelf.asKept(facts)) }
        #expect(table.count == 300)
        table.put(7, Shelf.facts(artist: 3) { ($0.year, $0.durationMs) = (1999, 5) })
        #expect(table[7]?.artistIDs == [3] && table[7]?.year == 1999 && table[7]?.albumID == nil)
        #expect(table.count == 300)
        table.remove(7)
        #expect(table[7] == nil && table.count == 299)
        table.remove(7)
        #expect(table.count == 299)
    }

    @Test("Lists and folders that nobody has any more are forgotten, and rows are used again")
    func noLeak() throws {
        let shelf = try Shelf(200, seed: 2)
        var table = shelf.table
        let before = (table.idLists.values.count, table.folders.values.count)
        for round in 0..<5 {
            for id in shelf.facts.keys { table.put(id, Shelf.facts(artist: Int64(1000 + round)) { _ in }) }
            for (id, facts) in shelf.facts { table.put(id, facts) }
        }
        #expect(table.idLists.values.count <= before.0 + 2 && table.folders.values.count <= before.1 + 1)
        for (id, facts) in shelf.facts { #expect(table[id] == Shelf.asKept(facts)) }
        for id in shelf.facts.keys { table.remove(id) }
        #expect(table.idLists.values.allSatisfy { $0 == nil } && table.folders.values.allSatisfy { $0 == nil })
    }

    @Test("A row takes 64 bytes")
    func size() {
        #expect(MemoryLayout<FactsTable.Row>.stride == 64)
    }

    @Test("Absurd numbers are cut to what a row holds, and never trap")
    func absurd() {
        var table = FactsTable()
        table.put(
            .max,
            Shelf.facts {
                ($0.year, $0.durationMs, $0.tempoBpm) = (.max, .max, .infinity)
                $0.artistIDs = Array(1...500)
            })
        #expect(table[.max]?.year == Int(Int16.max) && table[.max]?.durationMs == Int(Int32.max))
        #expect(table[.max]?.tempoBpm == nil && table[.max]?.artistIDs.count == 64)
        table.put(.min, Shelf.facts { ($0.year, $0.durationMs, $0.tempoBpm) = (.min, .min, .nan) })
        #expect(table[.min]?.tempoBpm == nil)
    }

    @Test("Albums and artists know their tracks, artists also those that only their album credits")
    func owners() throws {
        let shelf = try Shelf(200, seed: 3)
        let album = shelf.facts.filter { $0.value.albumID == 5 }.keys.sorted()
        #expect(shelf.table.tracks(ofAlbum: 5) == album && !album.isEmpty)
        let artist = shelf.facts.filter { $0.value.artistIDs.contains(12) || $0.value.albumArtistIDs.contains(12) }
        #expect(shelf.table.tracks(ofArtist: 12) == artist.keys.sorted() && !artist.isEmpty)
        #expect(shelf.table.tracks(ofArtist: 99).isEmpty && shelf.table.tracks(ofAlbum: 99).isEmpty)
    }
}

extension Shelf {
    /// As a row keeps it: tempo in single precision.
    static func asKept(_ facts: TrackFacts) -> TrackFacts {
        var facts = facts
        facts.tempoBpm = facts.tempoBpm.map { Double(Float($0)) }
        return facts
    }
}
