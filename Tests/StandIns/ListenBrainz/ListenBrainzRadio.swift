/// LB Radio and popularity.
struct ListenBrainzRadio {
    let catalogue: Catalogue
    let request: Request

    private static let modes: Set = ["easy", "medium", "hard"]
    private static let maxTracks = 50

    /// `artist:(name)`, `tag:(a,b)` and plain `#tag`, any of them joined by blanks.
    func prompt() throws(ListenBrainzError) -> Reply {
        guard let prompt = request.query.filled("prompt") else {
            throw ListenBrainzError(400, "The prompt parameter cannot be empty.")
        }
        guard let mode = request.query["mode"], Self.modes.contains(mode) else {
            throw ListenBrainzError(400, "The mode parameter must be one of 'easy', 'medium', 'hard'.")
        }
        let parts = prompt.matches(of: #/(artist|tag):\(([^)]*)\)|#(\S+)/#)
        guard !parts.isEmpty else {
            throw ListenBrainzError(400, "LB Radio generation failed: the prompt \"\(prompt)\" was not understood")
        }
        var tracks: [Catalogue.Recording] = []
        for part in parts {
            let name = String(part.2 ?? part.3 ?? "")
            tracks += part.1 == "artist" ? try artistTracks(name) : tagTracks(name.split(separator: ","), isAll: true)
        }
        guard !tracks.isEmpty else { throw ListenBrainzError(400, "LB Radio generation failed: nothing was found") }
        return .json([
            "payload": [
                "jspf": ["playlist": playlist("LB Radio for \(prompt) on \(mode) mode", tracks)],
                "feedback": .array(parts.map { .string("using \($0.0) in \(mode) mode") }),
            ]
        ])
    }

    private func artistTracks(_ name: String) throws(ListenBrainzError) -> [Catalogue.Recording] {
        guard let artist = catalogue.artist(named: name, isLoose: true) ?? catalogue.artist(name) else {
            throw ListenBrainzError(400, "LB Radio generation failed: could not find artist \(name)")
        }
        let near = catalogue.similar(to: artist, limit: 3).flatMap { catalogue.recordings(by: $0.thing.id).prefix(3) }
        return catalogue.recordings(by: artist.id) + near
    }

    private func tagTracks(_ tags: [Substring], isAll: Bool) -> [Catalogue.Recording] {
        let wanted = Set(tags.map { $0.trimmingPrefix(" ").lowercased() })
        return catalogue.recordings.filter { recording in
            let own = Set(recording.tags.map(\.name))
            return isAll ? wanted.isSubset(of: own) : !wanted.isDisjoint(with: own)
        }
    }

    private func playlist(_ title: String, _ tracks: [Catalogue.Recording]) -> JSON {
        let items = tracks.prefix(Self.maxTracks).map { recording -> JSON in
            [
                "title": .string(recording.title), "creator": .string(recording.artistText),
                "album": JSON(recording.releaseIDs.first.flatMap(catalogue.release)?.title),
                "duration": .int(recording.lengthMs),
                "identifier": ["https://musicbrainz.org/recording/\(recording.id)"],
            ]
        }
        return ["title": .string(title), "creator": "ListenBrainz", "track": .array(Array(items))]
    }

    // MARK: Parts that LB Radio is made of

    func answer(_ path: [String]) throws(ListenBrainzError) -> Reply {
        switch path.first {
        case "artist" where path.count == 2: return try similarArtists(path[1])
        case "tags" where path.count == 1: return try tags()
        default: throw .notFound
        }
    }

    private func similarArtists(_ id: String) throws(ListenBrainzError) -> Reply {
        guard ListenSubmission.isUUID(id) else { throw ListenBrainzError(400, "artist_mbid: \(id) is invalid.") }
        guard Self.modes.contains(request.query["mode"] ?? "") else {
            throw ListenBrainzError(400, "mode: \(request.query["mode"] ?? "") is invalid.")
        }
        var numbers: [Int] = []
        for name in ["max_similar_artists", "max_recordings_per_artist", "pop_begin", "pop_end"] {
            guard let number = request.query.int(name) else {
                throw ListenBrainzError(400, "\(name) is required and must be a number")
            }
            numbers.append(number)
        }
        guard let artist = catalogue.artist(id.lowercased()) else { return .json(.object([])) }
        let all = [artist] + catalogue.similar(to: artist, limit: numbers[0]).map(\.thing)
        return .json(
            .object(
                all.map { other in
                    let recordings = catalogue.recordings(by: other.id).prefix(max(0, numbers[1])).map {
                        recording -> JSON in
                        [
                            "recording_mbid": .string(recording.id), "similar_artist_mbid": .string(other.id),
                            "similar_artist_name": .string(other.name),
                            "total_listen_count": .int(Counts.plays(recording.id)),
                        ]
                    }
                    return JSON.Member(name: other.id, value: .array(Array(recordings)))
                }))
    }

    private func tags() throws(ListenBrainzError) -> Reply {
        let tags = request.query.items.filter { $0.name == "tag" }.map { Substring($0.value) }
        guard !tags.isEmpty else { throw ListenBrainzError(400, "tag is required") }
        let isAll = (request.query["operator"] ?? "OR").uppercased() == "AND"
        let count = min(max(request.query.int("count") ?? 100, 0), 1000)
        let found = tagTracks(tags, isAll: isAll).prefix(count).map { recording -> JSON in
            [
                "recording_mbid": .string(recording.id), "source": "recording",
                "percent": .double(Double(Counts.plays(recording.id) % 100)), "tag_count": .int(tags.count),
            ]
        }
        return .json(.array(Array(found)))
    }

    func top(_ artistID: String) throws(ListenBrainzError) -> Reply {
        guard ListenSubmission.isUUID(artistID) else {
            throw ListenBrainzError(400, "artist_mbid: '\(artistID)' is not a valid uuid")
        }
        let sorted = catalogue.recordings(by: artistID.lowercased()).sorted {
            Counts.plays($0.id) > Counts.plays($1.id)
        }
        let list = sorted.map { recording -> JSON in
            [
                "recording_mbid": .string(recording.id), "recording_name": .string(recording.title),
                "artist_name": .string(recording.artistText),
                "artist_mbids": .array(recording.credits.map { .string($0.artistID) }),
                "release_name": JSON(recording.releaseIDs.first.flatMap(catalogue.release)?.title),
                "release_mbid": JSON(recording.releaseIDs.first), "length": .int(recording.lengthMs),
                "total_listen_count": .int(Counts.plays(recording.id)),
                "total_user_count": .int(Counts.listeners(recording.id)),
            ]
        }
        return .json(.array(list))
    }
}
