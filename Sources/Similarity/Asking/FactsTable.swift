import Domain

/// The facts of every track that has a vector: 64 bytes a row and 4 for finding it; lists of artists and genres, and
/// folders, are kept once for all tracks that share them.
package struct FactsTable: Sendable {
    struct Row: Sendable {
        let id: Int64
        /// 0: none.
        var albumID: Int64 = 0
        /// 0: unknown, as in all hashes here.
        var content: UInt64 = 0
        var song: UInt64 = 0
        /// Lists and folders by number, negative for none.
        var artists: Int32
        var albumArtists: Int32
        var genres: Int32
        var folder: Int32
        var durationMs: Int32 = 0
        /// Beats per minute; 0: none.
        var tempo: Float = 0
        /// 0: none.
        var year: Int16 = 0
        /// See `CamelotKey.ordinal`; 0: none.
        var key: UInt8 = 0
        var traits: UInt8 = 0

        /// Of a track that nothing is known of, or of none.
        static func unknown(_ id: Int64) -> Row {
            Row(id: id, artists: -1, albumArtists: -1, genres: -1, folder: -1)
        }
    }

    private var slots = PlaceTable()
    private var rows: [Row] = []
    private var free: [Int] = []
    private(set) var idLists = Interned<[Int64]>()
    private(set) var folders = Interned<FilePath>()

    /// Longer lists are cut: nobody is found by the hundredth artist of a track.
    private static let maxListed = 64

    package init() {}

    package var count: Int { slots.count }
    /// In no order.
    package var ids: [Int64] { rows.filter { $0.folder >= 0 }.map(\.id) }

    package mutating func put(_ id: Int64, _ facts: TrackFacts) {
        remove(id)
        let row = row(id, facts)
        if let slot = free.popLast() {
            rows[slot] = row
            slots.set(id, slot)
        } else {
            slots.set(id, rows.count)
            rows.append(row)
        }
    }

    /// Nothing where the track is not in the table.
    package mutating func credit(_ id: Int64, artists: [Int64], albumArtists: [Int64]) {
        guard let slot = slots[id] else { return }
        idLists.release(rows[slot].artists)
        idLists.release(rows[slot].albumArtists)
        rows[slot].artists = idLists.take(Array(artists.prefix(Self.maxListed)))
        rows[slot].albumArtists = idLists.take(Array(albumArtists.prefix(Self.maxListed)))
    }

    /// Nothing where the track is not in the table.
    package mutating func tag(_ id: Int64, genres: [Int64]) {
        guard let slot = slots[id] else { return }
        idLists.release(rows[slot].genres)
        rows[slot].genres = idLists.take(Array(genres.prefix(Self.maxListed)))
    }

    package mutating func remove(_ id: Int64) {
        guard let slot = slots.remove(id) else { return }
        let row = rows[slot]
        for list in [row.artists, row.albumArtists, row.genres] { idLists.release(list) }
        folders.release(row.folder)
        rows[slot] = .unknown(id)
        free.append(slot)
    }

    package subscript(id: Int64) -> TrackFacts? {
        guard let row = row(id), let folder = folders[row.folder] else { return nil }
        var facts = TrackFacts(folder: folder)
        facts.albumID = row.albumID == 0 ? nil : row.albumID
        facts.artistIDs = idLists[row.artists] ?? []
        facts.albumArtistIDs = idLists[row.albumArtists] ?? []
        facts.genreIDs = idLists[row.genres] ?? []
        facts.year = row.year == 0 ? nil : Int(row.year)
        facts.durationMs = row.durationMs == 0 ? nil : Int(row.durationMs)
        facts.tempoBpm = row.tempo == 0 ? nil : Double(row.tempo)
        facts.key = CamelotKey(ordinal: row.key)
        facts.traits = TrackTraits(rawValue: row.traits)
        facts.recording = RecordingMark(
            content: row.content == 0 ? nil : row.content, song: row.song == 0 ? nil : row.song)
        return facts
    }

    /// Nil when the table has no such track.
    package func durationMs(of id: Int64) -> Int? { row(id).map { Int($0.durationMs) } }

    func row(_ id: Int64) -> Row? { slots[id].map { rows[$0] } }

    /// In ascending order.
    package func tracks(ofAlbum albumID: Int64) -> [Int64] {
        rows.filter { $0.albumID == albumID && $0.folder >= 0 }.map(\.id).sorted()
    }

    /// Those that credit the artist, be it for their album, in ascending order.
    package func tracks(ofArtist artistID: Int64) -> [Int64] {
        let has = idLists.map { $0.contains(artistID) }
        return rows.filter { $0.folder >= 0 && (has[Int($0.artists)] || has[Int($0.albumArtists)]) }.map(\.id).sorted()
    }

    private mutating func row(_ id: Int64, _ facts: TrackFacts) -> Row {
        var row = Row(
            id: id, artists: idLists.take(Array(facts.artistIDs.prefix(Self.maxListed))),
            albumArtists: idLists.take(Array(facts.albumArtistIDs.prefix(Self.maxListed))),
            genres: idLists.take(Array(facts.genreIDs.prefix(Self.maxListed))), folder: folders.take(facts.folder))
        row.albumID = facts.albumID ?? 0
        row.content = facts.recording.content ?? 0
        row.song = facts.recording.song ?? 0
        row.durationMs = Int32(clamping: facts.durationMs ?? 0)
        row.tempo = facts.tempoBpm.map { Float($0) }.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? 0
        row.year = Int16(clamping: facts.year ?? 0)
        row.key = facts.key?.ordinal ?? 0
        row.traits = facts.traits.rawValue
        return row
    }
}
