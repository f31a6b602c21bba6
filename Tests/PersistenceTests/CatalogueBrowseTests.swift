import Domain
import Testing
import UseCases

@testable import Persistence

@Suite("The library as people look around in it")
struct CatalogueBrowseTests {
    private func filled(_ engine: Engine) async throws -> CatalogueBench {
        let bench = try await CatalogueBench(engine)
        for (album, artist, genre) in [("Ends", "Zoë", "Jazz"), ("Bow", "abba", "jazz"), ("Cut", "Édith", "Folk")] {
            bench.put("/music/\(album)/1.flac") {
                ($0.title, $0.album, $0.artists, $0.genres) = ("Song", album, [artist], [genre])
            }
            try await bench.scan(until: .index)
        }
        return bench
    }

    @Test(
        "Albums come newest first, page by page, and those that came meanwhile shift nothing",
        arguments: Engine.available)
    func newest(engine: Engine) async throws {
        let bench = try await filled(engine)
        let first = try await bench.catalogue.newestAlbums(starredBy: nil, page: PageRequest(limit: 2))
        #expect(first.items.map(\.title) == ["Cut", "Bow"])
        #expect(first.items.map(\.trackCount) == [1, 1])
        bench.put("/music/New/1.flac") { $0.album = "New" }
        try await bench.scan(until: .index)
        let second = try await bench.catalogue.newestAlbums(
            starredBy: nil, page: PageRequest(cursor: first.nextCursor, limit: 2))
        #expect(second.items.map(\.title) == ["Ends"] && second.nextCursor == nil)
        #expect(try await bench.catalogue.newestAlbums(starredBy: 1, page: PageRequest()).items.isEmpty)
        await #expect(throws: StoreError.preconditionFailed("the cursor is not one of this list")) {
            try await bench.catalogue.newestAlbums(starredBy: nil, page: PageRequest(cursor: "x"))
        }
    }

    @Test("Artists are listed from a letter on; accents and case do not count", arguments: Engine.available)
    func letters(engine: Engine) async throws {
        let bench = try await filled(engine)
        func names(_ start: String?) async throws -> [String] {
            try await bench.catalogue.artists(starredBy: nil, from: start, PageRequest()).items.map(\.name)
        }
        #expect(try await names(nil) == ["abba", "Édith", "Zoë"])
        #expect(try await names("E") == ["Édith", "Zoë"])
        #expect(try await names("é") == ["Édith", "Zoë"])
        #expect(try await names("f") == ["Zoë"])
        let first = try await bench.catalogue.artists(starredBy: nil, from: "B", PageRequest(limit: 1))
        let next = try await bench.catalogue.artists(
            starredBy: nil, from: "B", PageRequest(cursor: first.nextCursor, limit: 1))
        #expect((first.items + next.items).map(\.name) == ["Édith", "Zoë"], "the cursor says where")
    }

    @Test("Genres are listed by name with the number of their tracks", arguments: Engine.available)
    func genres(engine: Engine) async throws {
        let bench = try await filled(engine)
        let first = try await bench.catalogue.genres(PageRequest(limit: 1))
        let next = try await bench.catalogue.genres(PageRequest(cursor: first.nextCursor, limit: 1))
        #expect((first.items + next.items).map(\.name) == ["Folk", "Jazz"] && next.nextCursor == nil)
        #expect((first.items + next.items).map(\.trackCount) == [1, 2])
    }

    @Test(
        "Words find the albums and artists that bear them, not those of a track that does", arguments: Engine.available)
    func names(engine: Engine) async throws {
        let bench = try await filled(engine)
        bench.put("/music/Bow/2.flac") {
            ($0.title, $0.album, $0.artists, $0.genres) = ("Zoë", "Bow", ["abba"], ["Edith"])
        }
        try await bench.scan(until: .index)
        func found(_ text: String) async throws -> [String] {
            let names = try await bench.catalogue.searchNames(text, limit: 5)
            return names.albums.map(\.title) + names.artists.map(\.name)
        }
        #expect(try await found("ZOE") == ["Ends", "Zoë"])
        #expect(try await found("abba bo") == ["Bow"], "an album's artist is part of its name")
        #expect(try await found("edit") == ["Cut", "Édith"])
        #expect(try await found("song").isEmpty)
        for text in ["", "\"", "*", "{album} : x", "jazz"] { #expect(try await found(text).isEmpty, "\(text)") }
        #expect(try await bench.catalogue.searchNames("zoe", limit: 0) == NamesFound())
    }
}
