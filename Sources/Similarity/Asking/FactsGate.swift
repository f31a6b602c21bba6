import Domain

/// Decides for one question, track by track inside a scan, what may be in the answer.
///
/// Lists and folders are judged once each beforehand, so that a track costs one look into a dictionary and a few into
/// arrays. Equal to filtering an exhaustive list afterwards, and it is tested so.
package struct FactsGate: Sendable {
    private let table: FactsTable
    private let filter: SimilarityFilter
    private let rules: SimilarityRules
    private let shut: Set<Int64>
    private let seedRecordings: RecordingGroups
    private let seedTempos: [Double]
    private let seedKeys: [CamelotKey]
    private let artistFits: [Bool]
    private let genreFits: [Bool]?
    private let folderFits: [Bool]?

    /// - Parameters:
    ///   - genreIDs: The filter's genres by their ids; nil when it names none.
    ///   - seeds: Tracks that are not answered, nor are other files of their recordings.
    ///   - excluding: Tracks that are not answered either.
    ///   - follows: Tempo and key must fit one of the seeds. Not in a list whose tracks are to fit each other.
    package init(
        table: FactsTable, filter: SimilarityFilter, genreIDs: Set<Int64>?, rules: SimilarityRules,
        seeds: Set<Int64> = [], excluding: Set<Int64> = [], follows: Bool = false
    ) {
        self.table = table
        self.filter = filter
        self.rules = rules
        shut = seeds.union(excluding)
        let rows = seeds.sorted().compactMap(table.row)
        var recordings = RecordingGroups()
        if rules.duplicates == .leaveOut { for row in rows { _ = recordings.number(row) } }
        seedRecordings = recordings
        let known = follows ? rows : []
        seedTempos =
            rules.maxTempoJump == nil ? [] : Set(known.map(\.tempo)).filter { $0 > 0 }.sorted().map(Double.init)
        seedKeys =
            rules.keys == .any ? [] : Set(known.map(\.key)).sorted().compactMap(CamelotKey.init(ordinal:))
        artistFits = table.idLists.map { list in list.allSatisfy { !filter.notArtistIDs.contains($0) } }
        genreFits = genreIDs.map { wanted in table.idLists.map { list in list.contains { wanted.contains($0) } } }
        folderFits = filter.folder.map { folder in table.folders.map { folder.contains($0) } }
    }

    /// A track without facts is gone since the scan began, and is not admitted.
    package func admits(_ id: Int64) -> Bool {
        guard let row = table.row(id), !shut.contains(id) else { return false }
        return passes(row) && follows(row) && seedRecordings.find(row) == nil
    }

    /// All that `admits` lets through, in no order.
    package func admitted() -> [Int64] { table.ids.filter(admits) }

    private func passes(_ row: FactsTable.Row) -> Bool {
        guard filter.excluded.isDisjoint(with: TrackTraits(rawValue: row.traits)) else { return false }
        guard artistFits[Int(row.artists)], artistFits[Int(row.albumArtists)] else { return false }
        if let genreFits, !genreFits[Int(row.genres)] { return false }
        if let folderFits, !folderFits[Int(row.folder)] { return false }
        if filter.yearFrom != nil || filter.yearTo != nil {
            let year = Int(row.year)
            guard year != 0, year >= filter.yearFrom ?? year, year <= filter.yearTo ?? year else { return false }
        }
        return true
    }

    /// What has no pulse, or no key, does not fit one that has.
    private func follows(_ row: FactsTable.Row) -> Bool {
        if let limit = rules.maxTempoJump, !seedTempos.isEmpty {
            guard seedTempos.contains(where: { TempoJump.percent(from: $0, to: Double(row.tempo)) <= Double(limit) })
            else { return false }
        }
        guard rules.keys == .compatible, !seedKeys.isEmpty else { return true }
        guard let key = CamelotKey(ordinal: row.key) else { return false }
        return seedKeys.contains { $0.isCompatible(with: key) }
    }
}
