import Domain
import UseCases

/// Stars, ratings, and lists by what an account has done.
extension DatabaseListeningStore {
    package func star(_ subjects: [MarkSubject], account: Int64) async throws {
        try await context.write(durable: true) { transaction in
            let (connection, now) = (transaction.connection, transaction.now)
            for (table, ids) in try Self.rows(of: subjects, connection) {
                try connection.execute(
                    """
                    INSERT INTO \(table.name) (account_id, \(table.column), starred_at)
                    SELECT CAST(\(account) AS BIGINT), id, CAST(\(now) AS BIGINT) FROM \(table.subject)
                    WHERE id \(.among(ids, connection.dialect)) ORDER BY id
                    ON CONFLICT (account_id, \(table.column)) DO UPDATE
                    SET starred_at = COALESCE(\(table.name).starred_at, excluded.starred_at)
                    """)
            }
        }
    }

    package func unstar(_ subjects: [MarkSubject], account: Int64) async throws {
        try await context.write(durable: true) { transaction in
            let connection = transaction.connection
            for (table, ids) in try Self.rows(of: subjects, connection) {
                try connection.execute(
                    """
                    UPDATE \(table.name) SET starred_at = NULL
                    WHERE account_id = \(account) AND \(table.column) \(.among(ids, connection.dialect))
                    """)
            }
        }
    }

    /// By kind, always in the same order, so that those who mark the same wait for each other. Throws `notFound` for the
    /// first that is not in the library.
    private static func rows(
        of subjects: [MarkSubject], _ connection: any Connection
    ) throws -> [(table: MarkTable, ids: [Int64])] {
        try MarkKind.allCases.compactMap { kind in
            let wanted = subjects.filter { $0.kind == kind }.map(\.id)
            guard !wanted.isEmpty else { return nil }
            let (table, ids) = (MarkTable(kind), Set(wanted).sorted())
            let known = Set(
                try connection.all(
                    "SELECT id FROM \(table.subject) WHERE id \(.among(ids, connection.dialect))"
                ) { $0.int(0) ?? 0 })
            if let absent = wanted.first(where: { !known.contains($0) }) {
                throw StoreError.notFound("there is no \(kind.rawValue) \(absent)")
            }
            return (table, ids)
        }
    }

    package func rate(_ subject: MarkSubject, _ rating: Int?, account: Int64) async throws {
        try await context.write(durable: true) { transaction in
            let (table, connection) = (try MarkTable(of: subject, transaction.connection), transaction.connection)
            try connection.execute(
                """
                INSERT INTO \(table.name) (account_id, \(table.column), rating)
                VALUES (\(account), \(subject.id), \(rating))
                ON CONFLICT (account_id, \(table.column)) DO UPDATE SET rating = excluded.rating
                """)
        }
    }

    package func marks(of kind: MarkKind, ids: [Int64], account: Int64) async throws -> [Int64: Mark] {
        guard !ids.isEmpty else { return [:] }
        let table = MarkTable(kind)
        return try await context.database.read { connection in
            let counts: Query = kind == .track ? "plays, last_played_at" : "0, NULL"
            let these = Query.among(Set(ids).sorted(), connection.dialect)
            var marks: [Int64: Mark] = [:]
            try connection.forEach(
                """
                SELECT \(table.column), starred_at, rating, \(counts) FROM \(table.name)
                WHERE account_id = \(account) AND \(table.column) \(these)
                """
            ) { row in
                marks[row.int(0) ?? 0] = Mark(
                    starredAt: row.int(1), rating: row.int(2).flatMap(Int.init(exactly:)),
                    plays: Int(clamping: row.int(3) ?? 0), lastPlayedAt: kind == .track ? row.int(4) : nil)
            }
            return marks
        }
    }

    package func heard(ofAlbums ids: [Int64], account: Int64) async throws -> [Int64: Heard] {
        guard !ids.isEmpty else { return [:] }
        return try await context.database.read { connection in
            var heard: [Int64: Heard] = [:]
            try connection.forEach(Self.albumsHeard(Set(ids).sorted(), account, connection.dialect)) { row in
                heard[row.int(0) ?? 0] = Heard(plays: Int(clamping: row.int(1) ?? 0), lastPlayedAt: row.int(2))
            }
            return heard
        }
    }

    /// By way of the albums' tracks: an account may have heard many more.
    static func albumsHeard(_ ids: [Int64], _ account: Int64, _ dialect: Dialect) -> Query {
        """
        SELECT track.album_id, CAST(sum(track_mark.plays) AS BIGINT), max(track_mark.last_played_at)
        FROM track CROSS JOIN track_mark
        WHERE track.album_id \(.among(ids, dialect)) AND track_mark.account_id = \(account)
            AND track_mark.track_id = track.id AND track_mark.plays > 0
        GROUP BY track.album_id
        """
    }

    package func tracks(
        _ order: PersonalOrder, account: Int64, filter: TrackFilter, page: PageRequest
    ) async throws -> Page<Int64> {
        let start = try page.cursor.map { try PlaceBelow($0) }
        return try await context.database.read { connection in
            let folders = try BrowsedScope(filter.rootID, connection).folders
            let list = Self.list(
                order, account: account, filter, within: folders, below: start, limit: page.limit + 1,
                connection.dialect)
            let rows = try connection.all(list) { (id: $0.int(0) ?? 0, value: $0.int(1) ?? 0) }
            let found = Page(rows, limit: page.limit) { CatalogueCursor(key: String($0.value), id: $0.id) }
            return Page(items: found.items.map(\.id), nextCursor: found.nextCursor)
        }
    }

    static func list(
        _ order: PersonalOrder, account: Int64, _ filter: TrackFilter, within folders: Query? = nil,
        below start: PlaceBelow?, limit: Int, _ dialect: Dialect
    ) -> Query {
        let (column, isThere) = Self.column(order)
        var query: Query = "SELECT track_id, \(column) FROM track_mark WHERE account_id = \(account) AND \(isThere)"
        if let start { query = query + " AND (\(column), track_id) < (\(start.value), \(start.id))" }
        if filter.starredBy != nil { query = query + " AND starred_at IS NOT NULL" }
        if let conditions = DatabaseCatalogue.conditions(filter, within: folders, dialect) {
            query = query + " AND track_id IN (SELECT id FROM track WHERE \(conditions))"
        }
        return query + " ORDER BY \(column) DESC, track_id DESC LIMIT \(limit)"
    }

    /// The column to sort by, and the condition of its index.
    private static func column(_ order: PersonalOrder) -> (Query, Query) {
        switch order {
        case .recentlyPlayed: ("last_played_at", "plays > 0")
        case .mostPlayed: ("plays", "plays > 0")
        case .recentlyStarred: ("starred_at", "starred_at IS NOT NULL")
        case .bestRated: ("rating", "rating IS NOT NULL")
        }
    }
}

/// The table of the marks of one kind.
struct MarkTable {
    let name: Query
    let column: Query
    /// The table of what is marked.
    let subject: Query

    init(_ kind: MarkKind) {
        (name, column, subject) =
            switch kind {
            case .track: ("track_mark", "track_id", "track")
            case .album: ("album_mark", "album_id", "album")
            case .artist: ("artist_mark", "artist_id", "artist")
            }
    }

    /// Throws `notFound` when the subject is not in the library.
    init(of subject: MarkSubject, _ connection: any Connection) throws {
        self.init(subject.kind)
        let found: Query = "SELECT 1 FROM \(self.subject) WHERE id = \(subject.id)"
        guard try connection.first(found, { _ in true }) ?? false else {
            throw StoreError.notFound("there is no \(subject.kind.rawValue) \(subject.id)")
        }
    }
}
