/// Look-ups by id, and browsing by what things are linked to.
struct MusicBrainzReads {
    let catalogue: Catalogue
    let query: Parameters

    static let entities: Set = ["recording", "release", "release-group", "artist"]
    private static let validIncs: [String: Set<String>] = [
        "recording": [
            "artist-credits", "artists", "releases", "release-groups", "isrcs", "tags", "genres", "ratings", "aliases",
            "media", "discids", "annotation",
        ],
        "release": [
            "artist-credits", "artists", "labels", "recordings", "release-groups", "media", "discids", "isrcs", "tags",
            "genres", "ratings", "aliases", "annotation",
        ],
        "release-group": [
            "artist-credits", "artists", "releases", "tags", "genres", "ratings", "aliases", "annotation",
        ],
        "artist": [
            "recordings", "releases", "release-groups", "tags", "genres", "ratings", "aliases", "annotation", "media",
        ],
        "isrc": ["artist-credits", "artists", "releases", "isrcs", "tags", "genres"],
        "discid": ["artist-credits", "artists", "recordings", "labels", "release-groups", "media"],
    ]
    private static let standardLimit = 25
    private static let maxLimit = 100
    /// Tracks on one page of releases with their recordings.
    private static let maxTracks = 500

    func lookUp(_ entity: String, _ id: String) throws(MusicBrainzError) -> JSON {
        let known = MusicBrainzEntities(catalogue: catalogue, inc: try inc(entity))
        switch entity {
        case "isrc": return try isrc(id.uppercased(), known)
        case "discid": return try disc(id, known)
        default: break
        }
        guard ListenSubmission.isUUID(id) else { throw .badID }
        let id = id.lowercased()
        switch entity {
        case "recording":
            // A recording that was merged answers under its new id.
            let merged = catalogue.recordings.first { Digest.uuid(of: "merged", $0.id) == id }
            if let recording = catalogue.recording(id) ?? merged { return known.recording(recording) }
        case "release":
            if let release = catalogue.release(id) { return known.release(release) }
            if let merged = catalogue.releases.first(where: { Digest.uuid(of: "merged", $0.id) == id }) {
                // A release that was merged sends on.
                var moved = MusicBrainzError(301, "Moved")
                moved.location =
                    "/ws/2/release/\(merged.id)?"
                    + query.items.map {
                        "\($0.name)=\(Parameters.encoded($0.value))"
                    }.joined(separator: "&")
                throw moved
            }
        case "release-group":
            if let release = catalogue.releases(inGroup: id).first { return group(release, known) }
        case "artist":
            if let artist = catalogue.artist(id) { return known.artist(artist) }
        default: break
        }
        throw .notFound
    }

    private func group(_ release: Catalogue.Release, _ known: MusicBrainzEntities) -> JSON {
        guard known.inc.contains("releases") else { return known.group(release) }
        let inner = MusicBrainzEntities(catalogue: catalogue, inc: [])
        let releases = catalogue.releases(inGroup: release.groupID).map(inner.release)
        return known.group(release).adding(["releases": .array(releases)])
    }

    private func isrc(_ code: String, _ known: MusicBrainzEntities) throws(MusicBrainzError) -> JSON {
        guard code.count == 12, code.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw MusicBrainzError(400, "Invalid isrc.")
        }
        let found = catalogue.recordings.filter { $0.isrc == code }
        guard !found.isEmpty else { throw .notFound }
        return ["isrc": .string(code), "recordings": .array(found.map(known.recording))]
    }

    /// The number by which a disc of this release is known.
    static func discID(of release: Catalogue.Release) -> String {
        String(Digest.md5(release.id).prefix(27)) + "-"
    }

    private func disc(_ id: String, _ known: MusicBrainzEntities) throws(MusicBrainzError) -> JSON {
        guard id.count == 28 else { throw MusicBrainzError(400, "Invalid discid.") }
        guard let release = catalogue.releases.first(where: { Self.discID(of: $0) == id }) else { throw .notFound }
        var sectors = 150
        let offsets = catalogue.recordings(of: release).map { recording -> JSON in
            defer { sectors += recording.lengthMs * 75 / 1000 }
            return .int(sectors)
        }
        return [
            "id": .string(id), "sectors": .int(sectors), "offset-count": .int(offsets.count),
            "offsets": .array(offsets), "releases": [known.release(release)],
        ]
    }

    /// A page of what is linked to something; nil when the query names nothing to browse by.
    func browse(_ entity: String) throws(MusicBrainzError) -> MusicBrainzSearch.Page? {
        let links = ["artist", "label", "recording", "release-group", "track", "release", "work"]
        guard let link = links.first(where: { query[$0] != nil }), let id = query[link] else { return nil }
        guard ListenSubmission.isUUID(id) else { throw .badID }
        let known = MusicBrainzEntities(catalogue: catalogue, inc: try inc(entity))
        let all: [JSON]
        switch entity {
        case "release": all = releases(link, id.lowercased()).map(known.release)
        case "release-group": all = releases(link, id.lowercased()).map(known.group)
        case "recording": all = recordings(link, id.lowercased()).map(known.recording)
        default: throw .notFound
        }
        let limit = min(max(query.int("limit") ?? Self.standardLimit, 1), Self.maxLimit)
        let offset = max(0, query.int("offset") ?? 0)
        let page = Array(all.dropFirst(offset).prefix(limit))
        return MusicBrainzSearch.Page(
            items: known.inc.contains("recordings") ? Self.cut(page) : page, count: all.count, offset: offset)
    }

    /// Fewer releases when they have too many tracks; one at least.
    private static func cut(_ releases: [JSON]) -> [JSON] {
        var tracks = 0
        return Array(
            releases.prefix { release in
                let own = release["media"]?.array?.first?["track-count"]?.int ?? 0
                defer { tracks += own }
                return tracks == 0 || tracks + own <= maxTracks
            })
    }

    private func releases(_ link: String, _ id: String) -> [Catalogue.Release] {
        catalogue.releases.filter { release in
            switch link {
            case "artist": release.credits.contains { $0.artistID == id }
            case "label": Digest.uuid(of: "label", release.label) == id
            case "recording": release.tracks.contains { $0.recordingID == id }
            case "release-group": release.groupID == id
            case "track": release.tracks.contains { $0.id == id }
            case "release": release.id == id
            default: false
            }
        }
    }

    private func recordings(_ link: String, _ id: String) -> [Catalogue.Recording] {
        switch link {
        case "artist": catalogue.recordings(by: id)
        case "release": catalogue.release(id).map(catalogue.recordings(of:)) ?? []
        default: []
        }
    }

    /// Values with plus signs or blanks between; those given with a second `inc` are not seen.
    private func inc(_ entity: String) throws(MusicBrainzError) -> Set<String> {
        let wanted = (query["inc"] ?? "").split(whereSeparator: { $0 == " " || $0 == "+" }).map(String.init)
        let valid = Self.validIncs[entity] ?? []
        if let bad = wanted.first(where: { !valid.contains($0) }) {
            throw MusicBrainzError(400, "\(bad) is not a valid inc parameter for the \(entity) resource.")
        }
        return Set(wanted)
    }
}
