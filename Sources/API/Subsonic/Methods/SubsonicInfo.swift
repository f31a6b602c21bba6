import Domain
import UseCases

/// What services outside said of artists and albums, and which artists are alike.
struct SubsonicInfo: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    private static let usualCount = 20
    private static let maxCount = 100
    /// Pixels up to which a picture is small, and medium.
    private static let smallWidth = 64
    private static let mediumWidth = 300

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getArtistInfo", required: ["id"]) { try await artist($0, "artistInfo", .directory) },
            SubsonicMethod("getArtistInfo2", required: ["id"]) { try await artist($0, "artistInfo2", .album) },
            SubsonicMethod("getAlbumInfo", required: ["id"], handle: album),
            SubsonicMethod("getAlbumInfo2", required: ["id"], handle: album),
        ]
    }

    private func artist(
        _ call: SubsonicCall, _ name: String, _ form: SubsonicShelf.AlbumForm
    ) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        let count = try call.parameters.count("count", default: Self.usualCount, max: Self.maxCount)
        let artist = try await services.catalogue.artist(id: try await artistID(call.parameters.id()))
        let findings = try await findings(.artist, artist.id)
        var node = SubsonicNode()
        describe(&node, "biography", findings, id: artist.musicBrainzID)
        let similar = try await services.similarArtists.similar(to: artist, findings: findings, count: count)
            .map(\.artist)
        let nodes =
            form == .album
            ? try await shelf.artists(similar, for: caller) : try await shelf.directories(similar, for: caller)
        node.add("similarArtist", .children(nodes))
        return .node(name, node)
    }

    /// Of an artist, or of what the artist made.
    private func artistID(_ id: SubsonicID) async throws -> Int64 {
        switch id {
        case .artist(let id): return id
        case .track(let id):
            guard let artist = try await services.catalogue.track(id: id).artistIDs.first else { break }
            return artist
        case .album(let id):
            guard let track = try await shelf.tracks(ofAlbum: id).first, let artist = track.artistIDs.first else {
                break
            }
            return artist
        case .playlist, .folder, .cover: break
        }
        throw SubsonicError.notFound
    }

    private func album(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let albumID: Int64
        switch try call.parameters.id() {
        case .album(let id): albumID = id
        case .track(let id):
            guard let id = try await services.catalogue.track(id: id).albumID else { throw SubsonicError.notFound }
            albumID = id
        case .artist, .playlist, .folder, .cover: throw SubsonicError.notFound
        }
        let album = try await services.catalogue.album(id: albumID)
        var node = SubsonicNode()
        describe(&node, "notes", try await findings(.album, album.id), id: album.musicBrainzID)
        return .node("albumInfo", node)
    }

    private func findings(_ kind: OutsideSubject.Kind, _ id: Int64) async throws -> [OutsideFinding] {
        try await services.enrichment?.findings(of: kind, id: id) ?? []
    }

    /// Elements in XML, in the order of its schema.
    private func describe(
        _ node: inout SubsonicNode, _ text: String, _ findings: [OutsideFinding], id: String?
    ) {
        let facts = findings.compactMap(\.facts)
        func set(_ name: String, _ value: String?) {
            if let value { node.add(name, .element(.text(value))) }
        }
        set(text, facts.compactMap(\.summary).first)
        set("musicBrainzId", id)
        set("lastFmUrl", findings.first { $0.source == .lastfm && $0.facts != nil }?.facts?.url)
        let images = facts.flatMap(\.images)
        let narrowest = images.sorted { $0.width ?? .max < $1.width ?? .max }
        set("smallImageUrl", (narrowest.last { ($0.width ?? .max) <= Self.smallWidth } ?? narrowest.first)?.address)
        set("mediumImageUrl", (narrowest.last { ($0.width ?? .max) <= Self.mediumWidth } ?? narrowest.first)?.address)
        set("largeImageUrl", images.first?.address)
    }
}
