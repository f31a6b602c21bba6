/// `/1/metadata/…`: names to ids, and what is known of recordings.
struct ListenBrainzMetadata {
    let catalogue: Catalogue
    let request: Request

    /// Characters of all names of a look-up together.
    private static let maxNameCharacters = 250
    /// Look-ups of one POST, recordings of one request.
    private static let maxLookups = 50
    private static let maxRecordings = 1_000

    func answer(_ what: String) throws(ListenBrainzError) -> Reply {
        switch (request.method, what) {
        case ("GET", "lookup"):
            let query = request.query
            return .json(
                try lookUp(query["artist_name"], query["recording_name"], query["release_name"]) ?? .object([]))
        case ("POST", "lookup"): return try lookUpMany()
        case ("GET", "recording"):
            let ids = (request.query["recording_mbids"] ?? "").split(separator: ",").map(String.init)
            return try recordings(ids, inc: request.query["inc"] ?? "")
        case ("POST", "recording"):
            let ids = (request.json?["recording_mbids"]?.array ?? []).compactMap(\.string)
            return try recordings(ids, inc: request.json?["inc"]?.string ?? "")
        default: throw .notFound
        }
    }

    private func lookUpMany() throws(ListenBrainzError) -> Reply {
        guard let items = request.json?["recordings"]?.array, !items.isEmpty else {
            throw ListenBrainzError(400, "No recordings in the request.")
        }
        guard items.count <= Self.maxLookups else {
            throw ListenBrainzError(400, "At most \(Self.maxLookups) recordings can be looked up at once.")
        }
        var found: [JSON] = []
        for (index, item) in items.enumerated() {
            let hit = try lookUp(
                item["artist_name"]?.string, item["recording_name"]?.string, item["release_name"]?.string)
            found.append((hit ?? .object([])).adding(["index": .int(index)]))
        }
        return .json(.array(found))
    }

    /// Nil for what is not known.
    private func lookUp(
        _ artist: String?, _ title: String?, _ album: String?
    ) throws(ListenBrainzError) -> JSON? {
        guard let artist, !artist.isEmpty else {
            throw ListenBrainzError(400, "artist_name is invalid or not present in arguments")
        }
        guard let title, !title.isEmpty else {
            throw ListenBrainzError(400, "recording_name is invalid or not present in arguments")
        }
        guard artist.count + title.count + (album?.count ?? 0) <= Self.maxNameCharacters else {
            throw ListenBrainzError(400, "artist_name and recording_name together are too long")
        }
        guard let recording = catalogue.recording(named: title, by: artist, isLoose: true) else { return nil }
        let releases = recording.releaseIDs.compactMap(catalogue.release)
        let release = releases.first { Names.loose($0.title) == Names.loose(album ?? "") } ?? releases.first
        let hit: JSON = [
            "artist_credit_name": .string(recording.artistText),
            "artist_mbids": .array(recording.credits.map { .string($0.artistID) }),
            "recording_mbid": .string(recording.id), "recording_name": .string(recording.title),
            "release_mbid": JSON(release?.id), "release_name": JSON(release?.title),
        ]
        guard request.query["metadata"]?.lowercased() == "true" else { return hit.withoutNulls }
        return hit.adding(["metadata": metadata(of: recording, inc: request.query["inc"] ?? "")]).withoutNulls
    }

    private func recordings(_ ids: [String], inc: String) throws(ListenBrainzError) -> Reply {
        guard !ids.isEmpty, ids.count <= Self.maxRecordings else {
            throw ListenBrainzError(400, "recording_mbids holds none or more than \(Self.maxRecordings) ids.")
        }
        if let bad = ids.first(where: { !ListenSubmission.isUUID($0) }) {
            throw ListenBrainzError(400, "Recording mbid \(bad) is not valid.")
        }
        let known = ids.compactMap { catalogue.recording($0.lowercased()) }
        return .json(
            .object(known.map { JSON.Member(name: $0.id, value: metadata(of: $0, inc: inc).withoutNulls) }))
    }

    /// - Parameter inc: any of artist, tag, release, with blanks or plus signs between.
    private func metadata(of recording: Catalogue.Recording, inc: String) -> JSON {
        let wanted = Set(inc.split(whereSeparator: { " +,".contains($0) }).map(String.init))
        let release = recording.releaseIDs.first.flatMap(catalogue.release)
        var metadata: JSON = [
            "recording": ["name": .string(recording.title), "length": .int(recording.lengthMs), "rels": []]
        ]
        if wanted.contains("artist") { metadata = metadata.adding(["artist": artist(recording)]) }
        if wanted.contains("tag") { metadata = metadata.adding(["tag": tags(recording, release)]) }
        if wanted.contains("release"), let release {
            metadata = metadata.adding(["release": Self.json(release)])
        }
        return metadata
    }

    private func artist(_ recording: Catalogue.Recording) -> JSON {
        let artists = recording.credits.map { credit -> JSON in
            [
                "artist_mbid": .string(credit.artistID), "name": .string(credit.name),
                "join_phrase": .string(credit.join), "type": "Group", "rels": [:],
            ]
        }
        return [
            "name": .string(recording.artistText), "artist_credit_id": .int(Counts.listeners(recording.id)),
            "artists": .array(artists),
        ]
    }

    private func tags(_ recording: Catalogue.Recording, _ release: Catalogue.Release?) -> JSON {
        let list: ([Catalogue.Tag]) -> [JSON] = { tags in
            tags.map { tag in
                [
                    "tag": .string(tag.name), "count": .int(max(1, tag.count / 10)),
                    "genre_mbid": .string(Digest.uuid(of: "genre", tag.name)),
                ]
            }
        }
        let artists = recording.credits.flatMap { credit in
            list(catalogue.artist(credit.artistID)?.tags ?? []).map {
                $0.adding(["artist_mbid": .string(credit.artistID)])
            }
        }
        return [
            "recording": .array(list(recording.tags)), "artist": .array(artists),
            "release_group": .array(list(release?.tags ?? [])),
        ]
    }

    private static func json(_ release: Catalogue.Release) -> JSON {
        [
            "name": .string(release.title), "mbid": .string(release.id),
            "release_group_mbid": .string(release.groupID), "year": JSON(Int(release.date.prefix(4))),
            "album_artist_name": .string(release.artistText),
            "caa_id": JSON(release.coverSeed.map { _ in CoverIDs.front(of: release) }),
            "caa_release_mbid": release.coverSeed == nil ? .null : .string(release.id),
        ]
    }
}
