import Domain

/// The facts of every track that has a vector: 56 bytes a row and some 25 for finding it; lists of artists and genres,
/// and folders, are kept once for all tracks that share them.
package struct FactsTable: Sendable {
    struct Row: Sendable {
        /// 0: none.
        var albumID: Int64 = 0
        /// 0: unknown, as in all hashes here.
        var content: UInt64 = 0
        var song: UInt64 = 0
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
    }

    private var slots: [Int64: Int32] = [:]
    private var rows: [Row] = []
    private var free: [Int32] = []
    private(set) var idLists = Interned<[Int64]>()
    private(set) var folders = Interned<FilePath>()

    /// Longer lists are cut: nobody is found by the hundredth artist of a track.
    private static let maxListed = 64

    package init() {}

    package var count: Int { slots.count }

    package mutating func put(_ id: Int64, _ facts: TrackFacts) {
        remove(id)
        let row = row(facts)
        if let slot = free.popLast() {
            rows[Int(slot)] = row
            slots[id] = slot
        } else {
            slots[id] = Int32(clamping: rows.count)
            rows.append(row)
        }
    }

    package mutating func remove(_ id: Int64) {
        guard let slot = slots.removeValue(forKey: id) else { return }
        let row = rows[Int(slot)]
        for list in [row.artists, row.albumArtists, row.genres] { idLists.release(list) }
        folders.release(row.folder)
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

    func row(_ id: Int64) -> Row? { slots[id].map { rows[Int($0)] } }

    /// In ascending order.
    package func tracks(ofAlbum albumID: Int64) -> [Int64] {
        slots.filter { rows[Int($0.value)].albumID == albumID }.map(\.key).sorted()
    }

    /// Those that credit the artist, be it for their album, in ascending order.
    package func tracks(ofArtist artistID: Int64) -> [Int64] {
        let has = idLists.map { $0.contains(artistID) }
        return slots.filter { _, slot in
            let row = rows[Int(slot)]
            return has[Int(row.artists)] || has[Int(row.albumArtists)]
        }.map(\.key).sorted()
    }

    private mutating func row(_ facts: TrackFacts) -> Row {
        var row = Row(
            artists: idLists.take(Array(facts.artistIDs.prefix(Self.maxListed))),
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
