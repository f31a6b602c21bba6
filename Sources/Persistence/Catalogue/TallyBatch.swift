import Domain

/// What tracks say of artists, albums and genres, summed up over one batch and then written once.
///
/// An owner's name, title or year is what most of its tracks say (the smallest value among equals), so it does not
/// depend on the order in which files are indexed. An owner that no track names any more is removed.
struct TallyBatch {
    enum OwnerKind: Int64 {
        case artist = 0
        case album = 1
        case genre = 2
    }

    enum Field: Int64 {
        /// Said once by every track of the owner, so its uses are the number of tracks.
        case name = 0
        case sortName = 1
        case albumArtist = 2
        case trackArtist = 3
        case year = 4
        case cover = 5
        case compilation = 6
    }

    struct Owner: Hashable {
        let kind: OwnerKind
        let id: Int64
    }

    private struct Entry: Hashable {
        let owner: Owner
        let field: Field
        let value: String
    }

    private var changes: [Entry: Int64] = [:]
    /// Where the last track of an owner went within this batch, should it have been the last.
    private var heirs: [Owner: Owner] = [:]

    /// A track leaves these owners for others. Marks of one that nobody names any more go the same way.
    mutating func follow(_ before: TrackOwners, _ after: TrackOwners) {
        heirs.merge(before.heirs(after)) { $1 }
    }

    mutating func add(_ count: Int64, _ owner: Owner, _ field: Field, _ value: String?) {
        guard let value else { return }
        changes[Entry(owner: owner, field: field, value: value), default: 0] += count
    }

    /// Writes the sums and derives the owners they belong to.
    mutating func flush(in connection: any Connection) throws {
        // A sum of zero also counts: its owner may have been made and left within this batch.
        let owners = Set(changes.keys.lazy.map(\.owner)).sorted {
            ($0.kind.rawValue, $0.id) < ($1.kind.rawValue, $1.id)
        }
        if connection.dialect == .postgres { try lock(owners, connection) }
        for (entry, change) in changes where change != 0 { try write(entry, change, connection) }
        changes = [:]
        defer { heirs = [:] }
        for owner in owners {
            let tally = try Tally(of: owner, in: connection)
            if tally.winner(.name) == nil { try bequeath(owner, connection) }
            switch owner.kind {
            case .artist: try Self.deriveArtist(owner.id, tally, connection)
            case .album: try Self.deriveAlbum(owner.id, tally, connection)
            case .genre: try Self.deriveGenre(owner.id, tally, connection)
            }
        }
    }

    /// What is summed up under an owner is safe from others while its row is locked; the order is the same for all.
    private func lock(_ owners: [Owner], _ connection: any Connection) throws {
        for kind in [OwnerKind.artist, .album, .genre] {
            let ids = Query.among(owners.filter { $0.kind == kind }.map(\.id), connection.dialect)
            let query: Query =
                switch kind {
                case .artist: "SELECT 1 FROM artist WHERE id \(ids) ORDER BY id FOR NO KEY UPDATE"
                case .album: "SELECT 1 FROM album WHERE id \(ids) ORDER BY id FOR NO KEY UPDATE"
                case .genre: "SELECT 1 FROM genre WHERE id \(ids) ORDER BY id FOR NO KEY UPDATE"
                }
            try connection.forEach(query) { _ in }
        }
    }

    /// Stars and ratings of an album whose title was corrected, or whose folder was moved, are its own still. What the
    /// heir has already counts more.
    private func bequeath(_ owner: Owner, _ connection: any Connection) throws {
        // Nobody marks genres.
        guard let heir = heirs[owner], owner.kind != .genre else { return }
        let (table, subject): (MarkTable, Query) =
            owner.kind == .album ? (MarkTable(.album), "album") : (MarkTable(.artist), "artist")
        try connection.perform(
            """
            INSERT INTO \(table.name) (account_id, \(table.column), starred_at, rating)
            SELECT account_id, \(heir.id), starred_at, rating FROM \(table.name)
            WHERE \(table.column) = \(owner.id) AND EXISTS (SELECT 1 FROM \(subject) WHERE id = \(heir.id))
            ON CONFLICT (account_id, \(table.column)) DO UPDATE
            SET starred_at = COALESCE(\(table.name).starred_at, excluded.starred_at),
                rating = COALESCE(\(table.name).rating, excluded.rating)
            """)
    }

    private func write(_ entry: Entry, _ change: Int64, _ connection: any Connection) throws {
        let (kind, id, field) = (entry.owner.kind.rawValue, entry.owner.id, entry.field.rawValue)
        try connection.perform(
            """
            INSERT INTO tally (owner_kind, owner_id, field, value, uses)
            VALUES (\(kind), \(id), \(field), \(entry.value), \(change))
            ON CONFLICT (owner_kind, owner_id, field, value) DO UPDATE SET uses = tally.uses + excluded.uses
            """)
        guard change < 0 else { return }
        try connection.perform(
            """
            DELETE FROM tally WHERE owner_kind = \(kind) AND owner_id = \(id) AND field = \(field)
            AND value = \(entry.value) AND uses <= 0
            """)
    }

    private static func deriveArtist(_ id: Int64, _ tally: Tally, _ connection: any Connection) throws {
        guard let name = tally.winner(.name) else {
            try connection.perform(DatabaseCatalogue.forgetEnrichment(.artist, id))
            try connection.perform("DELETE FROM artist WHERE id = \(id)")
            return
        }
        try connection.perform(
            """
            UPDATE artist SET name = \(name), name_key = \(NameKey.order(name)),
            sort_name = \(tally.winner(.sortName)) WHERE id = \(id)
            """)
    }

    private static func deriveAlbum(_ id: Int64, _ tally: Tally, _ connection: any Connection) throws {
        guard let title = tally.winner(.name) else {
            try DatabaseCatalogue.forgetArtwork(ofAlbum: id, connection)
            try connection.perform(DatabaseCatalogue.forgetEnrichment(.album, id))
            try connection.perform("DELETE FROM album WHERE id = \(id)")
            return
        }
        let artist = tally.albumArtist
        let artistKey = NameKey.cut(NameKey.order(artist ?? ""), toBytes: NameKey.maxKeyBytes)
        try connection.perform(
            """
            UPDATE album SET title = \(title), title_key = \(NameKey.order(title)), artist = \(artist),
            artist_key = \(artistKey), year = \(tally.winner(.year).flatMap { Int64($0) }), cover_hash = \(tally.winner(.cover)) WHERE id = \(id)
            """)
    }

    private static func deriveGenre(_ id: Int64, _ tally: Tally, _ connection: any Connection) throws {
        guard let name = tally.winner(.name) else {
            try connection.perform("DELETE FROM genre WHERE id = \(id)")
            return
        }
        try connection.perform("UPDATE genre SET name = \(name) WHERE id = \(id)")
    }
}

/// All that tracks say of one owner.
struct Tally {
    private struct Count {
        let field: Int64
        let value: String
        let uses: Int64
    }

    private let counts: [Count]

    init(of owner: TallyBatch.Owner, in connection: any Connection) throws {
        counts = try connection.all(
            """
            SELECT field, value, uses FROM tally
            WHERE owner_kind = \(owner.kind.rawValue) AND owner_id = \(owner.id)
            """
        ) { row in Count(field: row.int(0) ?? 0, value: row.text(1) ?? "", uses: row.int(2) ?? 0) }
    }

    /// The value with most uses; among equals the smallest by byte. An empty value wins only when there is no other.
    func winner(_ field: TallyBatch.Field) -> String? {
        let rivals = counts.filter { $0.field == field.rawValue }
        let named = rivals.filter { !$0.value.isEmpty }
        return (named.isEmpty ? rivals : named).min { left, right in
            left.uses != right.uses
                ? left.uses > right.uses : left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
        }?.value
    }

    /// The album artist that most tracks name; without any, the artist of more than half the tracks, else "Various
    /// Artists".
    var albumArtist: String? {
        if let tagged = winner(.albumArtist) { return tagged }
        guard let common = winner(.trackArtist) else { return nil }
        let isCompilation = uses(.compilation) * 2 > uses(.name)
        return !isCompilation && uses(.trackArtist, of: common) * 2 > uses(.name) ? common : Self.variousArtists
    }

    static let variousArtists = "Various Artists"

    private func uses(_ field: TallyBatch.Field, of value: String? = nil) -> Int64 {
        counts.reduce(0) { sum, count in
            count.field == field.rawValue && (value == nil || count.value == value) ? sum + count.uses : sum
        }
    }
}
