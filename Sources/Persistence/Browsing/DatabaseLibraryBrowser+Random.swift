import Domain
import UseCases

extension DatabaseLibraryBrowser {
    package func randomTracks(_ choice: TrackChoice, count: Int) async throws -> [Track] {
        guard count > 0 else { return [] }
        let random = random
        return try await database.read { connection in
            let scope = try BrowsedScope(choice.rootID, connection)
            let draw = RandomRows(
                table: "track", condition: Self.conditions(choice, scope), dialect: connection.dialect, random: random)
            return try DatabaseCatalogue.tracks(try draw.ids(count, connection), connection)
        }
    }

    private static func conditions(_ choice: TrackChoice, _ scope: BrowsedScope) -> Query {
        var conditions: Query = "track.state = 0"
        if let genre = choice.genre {
            conditions =
                conditions + """
                     AND EXISTS (SELECT 1 FROM track_genre WHERE track_genre.track_id = track.id
                        AND track_genre.genre_id = (SELECT id FROM genre WHERE key = \(NameKey.identity(genre))))
                    """
        }
        if let first = choice.firstYear { conditions = conditions + " AND track.year >= \(first)" }
        if let last = choice.lastYear { conditions = conditions + " AND track.year <= \(last)" }
        if let folders = scope.folders { conditions = conditions + " AND track.folder_id IN (\(folders))" }
        return conditions
    }
}

/// Rows by chance, each as likely as any other, without reading all of them where most of them fit.
struct RandomRows {
    let table: Query
    /// On the table's columns.
    let condition: Query
    let dialect: Dialect
    let random: @Sendable () -> UInt64

    /// Numbers that are drawn at once for each row that is still wanted: some are of rows that do not fit.
    private static let drawsPerRow = 2
    private static let maxRounds = 4

    func ids(_ count: Int, _ connection: any Connection) throws -> [Int64] {
        let ends = try connection.first("SELECT min(id), max(id) FROM \(table)") { ($0.int(0), $0.int(1)) }
        guard let low = ends?.0, let high = ends?.1 else { return [] }
        var found: [Int64] = []
        var known: Set<Int64> = []
        // A number that was drawn by chance is of any row with the same chance: gaps are drawn in vain, no more.
        for _ in 0..<Self.maxRounds where found.count < count {
            let span = UInt64(high - low) + 1
            let drawn = (0..<(count - found.count) * Self.drawsPerRow + 8).map { _ in
                low + Int64(Self.below(span, random))
            }
            let fitting = Set(try connection.all(rows(among: drawn)) { $0.int(0) ?? 0 })
            for id in drawn where found.count < count && fitting.contains(id) && known.insert(id).inserted {
                found.append(id)
            }
        }
        guard found.count < count else { return found }
        let rest: Query = """
            SELECT id FROM \(table) WHERE \(condition) ORDER BY random() LIMIT \(count)
            """
        for id in try connection.all(rest, { $0.int(0) ?? 0 }) where found.count < count && known.insert(id).inserted {
            found.append(id)
        }
        return found
    }

    private func rows(among ids: [Int64]) -> Query {
        "SELECT id FROM \(table) WHERE id \(.among(Set(ids).sorted(), dialect)) AND \(condition)"
    }

    /// Evenly, up to a part in 2⁶⁴ (Lemire, "Fast Random Integer Generation in an Interval").
    private static func below(_ bound: UInt64, _ random: () -> UInt64) -> UInt64 {
        random().multipliedFullWidth(by: bound).high
    }
}
