import Domain
import UseCases

/// Pages of an order by chance. Each page looks at the ids of all rows that fit and keeps as many as it shows.
extension DatabaseLibraryBrowser {
    package func shuffledAlbums(
        of choice: AlbumChoice, seed: Int64?, page: PageRequest
    ) async throws -> Page<Album> {
        let place = try ShufflePlace(seed: seed, page.cursor, random: random)
        return try await database.read { connection in
            let scope = try BrowsedScope(choice.rootID, connection)
            let fitting: Query = "SELECT album.id FROM album WHERE \(Self.fitting(choice, scope))"
            return try place.page(of: fitting, limit: page.limit, connection, DatabaseCatalogue.albums)
        }
    }

    package func shuffledTracks(
        _ filter: TrackFilter, seed: Int64?, page: PageRequest
    ) async throws -> Page<Track> {
        let place = try ShufflePlace(seed: seed, page.cursor, random: random)
        return try await database.read { connection in
            let folders = try BrowsedScope(filter.rootID, connection).folders
            let fitting = Self.presentTracks(filter, within: folders, connection.dialect)
            return try place.page(of: fitting, limit: page.limit, connection, DatabaseCatalogue.tracks)
        }
    }

    static func presentTracks(_ filter: TrackFilter, within folders: Query?, _ dialect: Dialect) -> Query {
        let stars = DatabaseCatalogue.starredTracks(by: filter.starredBy)
        guard let asked = DatabaseCatalogue.conditions(filter, within: folders, dialect) else {
            return "SELECT id FROM \(BrowsedScope.presentTrack(dialect)) WHERE state = 0" + stars
        }
        return "SELECT id FROM track WHERE state = 0 AND " + asked + stars
    }
}

/// Where a page of a shuffle begins.
private struct ShufflePlace {
    private let shuffle: Shuffle
    /// The last row of the page before.
    private let last: Int64?

    /// Throws `preconditionFailed` for a cursor that is none of this seed.
    init(seed: Int64?, _ cursor: String?, random: @Sendable () -> UInt64) throws {
        guard let cursor else {
            let any = Int64(random() & UInt64(RadioPlace.maxSeed))
            (shuffle, last) = (Shuffle(seed: seed ?? any), nil)
            return
        }
        let place = try CatalogueCursor(cursor)
        guard let known = Int64(place.key), seed ?? known == known else {
            throw StoreError.preconditionFailed("the cursor is not one of this list")
        }
        (shuffle, last) = (Shuffle(seed: known), place.id)
    }

    /// - Parameter ids: All rows that fit.
    func page<Item>(
        of ids: Query, limit: Int, _ connection: any Connection,
        _ items: ([Int64], any Connection) throws -> [Item]
    ) throws -> Page<Item> {
        var piece = ShuffledPiece(shuffle, after: last, count: limit + 1)
        try connection.stream(ids) { piece.take($0.int(0) ?? 0) }
        let found = Page(piece.ids, limit: limit) { CatalogueCursor(key: String(shuffle.seed), id: $0) }
        return Page(items: try items(found.items, connection), nextCursor: found.nextCursor)
    }
}
