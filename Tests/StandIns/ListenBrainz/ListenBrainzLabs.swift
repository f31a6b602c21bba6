/// The labs: what is heard by the same people.
struct ListenBrainzLabs {
    let catalogue: Catalogue

    /// Names of data that there is begin so.
    private static let algorithm = "session_based_days_"

    func answer(_ request: Request) throws(ListenBrainzError) -> Reply {
        let path = request.segments
        guard path.count == 2, path[1] == "json", ["GET", "POST"].contains(request.method) else { throw .notFound }
        switch path[0] {
        case "similar-recordings":
            return try recordings(try ids("recording_mbids", request), try limit(request))
        case "similar-artists": return try artists(try ids("artist_mbids", request), try limit(request))
        default: throw .notFound
        }
    }

    private func ids(_ name: String, _ request: Request) throws(ListenBrainzError) -> [String] {
        let ids: [String]
        if request.method == "POST" {
            ids = (request.json?.array ?? []).flatMap { ($0[name]?.array ?? []).compactMap(\.string) }
        } else {
            ids = (request.query[name] ?? "").split(separator: ",").map(String.init)
        }
        guard !ids.isEmpty, ids.allSatisfy({ ListenSubmission.isUUID($0) }) else {
            throw ListenBrainzError(400, "\(name) must be a list of ids")
        }
        return ids.map { $0.lowercased() }
    }

    /// The number after `_limit_` in the algorithm's name.
    private func limit(_ request: Request) throws(ListenBrainzError) -> Int {
        let name = request.query["algorithm"] ?? request.json?.array?.first?["algorithm"]?.string ?? ""
        guard name.hasPrefix(Self.algorithm) else {
            throw ListenBrainzError(400, "algorithm is not one of those that there are")
        }
        let words = name.split(separator: "_")
        guard let position = words.firstIndex(of: "limit"), position + 1 < words.count else { return 50 }
        return Int(words[position + 1]) ?? 50
    }

    /// The best comes twice, and the order is that of ids: clients must not rely on either.
    private func recordings(_ ids: [String], _ limit: Int) throws(ListenBrainzError) -> Reply {
        let hits = ids.flatMap { id -> [JSON] in
            guard let recording = catalogue.recording(id) else { return [] }
            let similar = catalogue.similar(to: recording, limit: limit)
            return (similar + similar.prefix(1)).map { json($0.thing, score: $0.score, reference: id) }
        }
        return .json(
            .array(hits.sorted { ($0["recording_mbid"]?.string ?? "") < ($1["recording_mbid"]?.string ?? "") }))
    }

    private func json(_ recording: Catalogue.Recording, score: Double, reference: String) -> JSON {
        let release = recording.releaseIDs.first.flatMap(catalogue.release)
        let hasCover = release?.coverSeed != nil
        return [
            "recording_mbid": .string(recording.id), "recording_name": .string(recording.title),
            "artist_credit_name": .string(recording.artistText),
            "[artist_credit_mbids]": .array(recording.credits.map { .string($0.artistID) }),
            "release_name": JSON(release?.title), "release_mbid": JSON(release?.id),
            "caa_id": hasCover ? JSON(release.map(CoverIDs.front)) : .null,
            "caa_release_mbid": hasCover ? JSON(release?.id) : .null,
            "score": .int(Int(score * 1000)), "reference_mbid": .string(reference),
        ]
    }

    private func artists(_ ids: [String], _ limit: Int) throws(ListenBrainzError) -> Reply {
        let hits = ids.flatMap { id -> [JSON] in
            guard let artist = catalogue.artist(id) else { return [] }
            return catalogue.similar(to: artist, limit: limit).map { alike in
                [
                    "artist_mbid": .string(alike.thing.id), "name": .string(alike.thing.name), "comment": "",
                    "type": "Group", "gender": .null, "score": .int(Int(alike.score * 1000)),
                    "reference_mbid": .string(id),
                ]
            }
        }
        return .json(.array(hits))
    }
}
