/// What can be asked with a key alone.
struct LastFMReads {
    let catalogue: Catalogue
    let state: LastFMState
    let call: LastFMCall

    // MARK: Tracks

    func trackInfo() throws(LastFMError) -> Node {
        guard let recording = try foundTrack() else { return try stub() }
        let release = recording.releaseIDs.first.flatMap(catalogue.release)
        var children = [
            Node("name", recording.title), Node("mbid", recording.id), Node("url", url(of: recording)),
            Node("duration", "\(recording.lengthMs)"), Node("streamable", "0", [("fulltrack", "0")]),
            Node("listeners", "\(Counts.listeners(recording.id))"),
            Node("playcount", "\(Counts.plays(recording.id))"), artist(of: recording),
        ]
        if let release { children.append(album(release, with: recording)) }
        children += personal(LastFMState.Title(artist: recording.artistText, track: recording.title))
        children += [tagList("toptags", recording.tags, isCounted: false), wiki("\(recording.title) is a song.")]
        return Node("track", children: children)
    }

    /// A song of an artist who is known, of which nothing is known.
    private func stub() throws(LastFMError) -> Node {
        let (name, title) = (try call.required("artist"), try call.required("track"))
        guard let artist = catalogue.artist(named: name, isLoose: call.isAutocorrected) else {
            throw LastFMError(6, "Track not found", status: 404)
        }
        return Node(
            "track",
            children: [
                Node("name", title), Node("url", "\(call.origin)/music/_"), Node("duration", "0"),
                Node("streamable", "0", [("fulltrack", "0")]), Node("listeners", "3"), Node("playcount", "4"),
                Node("artist", children: [Node("name", artist.name), Node("mbid", artist.id)]),
                Node("toptags", list: [], of: "tag"),
            ])
    }

    private func foundTrack() throws(LastFMError) -> Catalogue.Recording? {
        if let id = call.parameters.filled("mbid") {
            guard let recording = catalogue.recording(id) else {
                throw LastFMError(6, "Track not found", status: 404)
            }
            return recording
        }
        let (artist, title) = (try call.required("artist"), try call.required("track"))
        return catalogue.recording(named: title, by: artist, isLoose: call.isAutocorrected)
    }

    private func album(_ release: Catalogue.Release, with recording: Catalogue.Recording) -> Node {
        let position = release.tracks.first { $0.recordingID == recording.id }?.number ?? 1
        return Node(
            "album", [("position", .string("\(position)"))],
            children: [
                Node("artist", release.artistText), Node("title", release.title), Node("mbid", release.id),
                Node("url", url(of: release)),
            ] + LastFMImages.of(release, origin: call.origin))
    }

    func similarTracks() throws(LastFMError) -> Node {
        guard let recording = try foundTrack() else {
            return Node("similartracks", [("artist", JSON(call.parameters["artist"]))], list: [], of: "track")
        }
        let tracks = catalogue.similar(to: recording, limit: call.limit(100)).map { alike -> Node in
            let other = alike.thing
            let heading = [
                Node("name", other.title), Node("playcount", number: .int(Counts.plays(other.id))),
                Node("mbid", other.id), Node("match", number: .double(alike.score)), Node("url", url(of: other)),
                Node("streamable", "0", [("fulltrack", "0")]),
            ]
            // Absent where it is not known.
            let isTimed = Counts.listeners(other.id) % 4 != 0
            let duration = isTimed ? [Node("duration", number: .int(other.lengthMs / 1000))] : []
            let images = LastFMImages.ofArtist(origin: call.origin)
            return Node("track", children: heading + duration + [artist(of: other)] + images)
        }
        return Node(
            "similartracks", [("artist", .string(recording.artistText)), ("track", .string(recording.title))],
            list: tracks, of: "track", single: .array)
    }

    func trackTags() throws(LastFMError) -> Node {
        guard let recording = try foundTrack() else { throw LastFMError(6, "Track not found", status: 404) }
        return tagList(
            "toptags", recording.tags, isCounted: true,
            [("artist", .string(recording.artistText)), ("track", .string(recording.title))])
    }

    // MARK: Artists

    private func foundArtist() throws(LastFMError) -> Catalogue.Artist {
        let found: Catalogue.Artist?
        if let id = call.parameters.filled("mbid") {
            found = catalogue.artist(id)
        } else {
            found = catalogue.artist(named: try call.required("artist"), isLoose: call.isAutocorrected)
        }
        guard let found else {
            throw LastFMError(6, "The artist you supplied could not be found", status: 404)
        }
        return found
    }

    func artistInfo() throws(LastFMError) -> Node {
        let artist = try foundArtist()
        let similar = catalogue.similar(to: artist, limit: 5).map { shortArtist($0.thing) }
        var stats = [
            Node("listeners", "\(Counts.listeners(artist.id))"),
            Node("playcount", "\(Counts.plays(artist.id))"),
        ]
        if let user = call.parameters.filled("username") {
            let plays = state.scrobbles.count { $0.user == user && Names.key($0.artist) == Names.key(artist.name) }
            stats.append(Node("userplaycount", "\(plays)"))
        }
        return Node(
            "artist",
            children: [
                Node("name", artist.name), Node("mbid", artist.id), Node("url", url(of: artist)),
            ] + LastFMImages.ofArtist(origin: call.origin) + [
                Node("streamable", "0"), Node("ontour", "0"), Node("stats", children: stats),
                Node("similar", list: similar, of: "artist"), tagList("tags", artist.tags, isCounted: false),
                Node("bio", children: wikiTexts(artist.about)),
            ])
    }

    func similarArtists() throws(LastFMError) -> Node {
        let artist = try foundArtist()
        let similar = catalogue.similar(to: artist, limit: call.limit(100)).map { alike -> Node in
            let own = [
                Node("name", alike.thing.name), Node("mbid", alike.thing.id), Node("match", "\(alike.score)"),
                Node("url", url(of: alike.thing)),
            ]
            let images = LastFMImages.ofArtist(origin: call.origin)
            return Node("artist", children: own + images + [Node("streamable", "0")])
        }
        return Node(
            "similarartists", [("artist", .string(artist.name))], list: similar, of: "artist", single: .array)
    }

    func artistTags() throws(LastFMError) -> Node {
        let artist = try foundArtist()
        return tagList("toptags", artist.tags, isCounted: true, [("artist", .string(artist.name))])
    }

    // MARK: Albums and users

    func albumInfo() throws(LastFMError) -> Node {
        let found: Catalogue.Release?
        if let id = call.parameters.filled("mbid") {
            found = catalogue.release(id)
        } else {
            let (artist, title) = (try call.required("artist"), try call.required("album"))
            found = catalogue.release(named: title, by: artist, isLoose: call.isAutocorrected)
        }
        // An error under status 200, as it comes too.
        guard let release = found else { throw LastFMError(6, "Album not found", status: 200) }
        let tracks = zip(release.tracks, catalogue.recordings(of: release)).map { track, recording in
            Node(
                "track", [("rank", .int(track.number))],
                children: [
                    Node("streamable", "0", [("fulltrack", "0")]),
                    duration(of: recording, at: track.number), Node("url", url(of: recording)),
                    Node("name", recording.title), artist(of: recording),
                ])
        }
        // No tags at all are an empty text, which a converter from XML makes of an empty element.
        let tags = release.tags.isEmpty ? Node("tags", "") : tagList("tags", release.tags, isCounted: false)
        let heading = [
            Node("name", release.title), Node("artist", release.artistText), Node("mbid", release.id),
            Node("url", url(of: release)),
        ]
        return Node(
            "album",
            children: heading + LastFMImages.of(release, origin: call.origin) + [
                Node("listeners", "\(Counts.listeners(release.id))"),
                Node("playcount", "\(Counts.plays(release.id))"),
                Node("tracks", list: tracks, of: "track"), tags, wiki("\(release.title) is a record."),
            ])
    }

    /// In seconds: null, a text or a number, as they come.
    private func duration(of recording: Catalogue.Recording, at number: Int) -> Node {
        let seconds = recording.lengthMs / 1000
        switch number {
        case 1: return Node("duration", number: .null)
        case 2: return Node("duration", "\(seconds)")
        default: return Node("duration", number: .int(seconds))
        }
    }

    func userInfo(_ settings: LastFMSettings) throws(LastFMError) -> Node {
        let session = call.parameters["sk"]
        if let session, state.sessions[session] == nil { throw LastFMError(9) }
        let name = call.parameters.filled("user") ?? session.flatMap { state.sessions[$0] } ?? ""
        guard settings.passwords[name] != nil else { throw LastFMError(6, "User not found", status: 404) }
        let plays = state.scrobbles.count { $0.user == name }
        return Node(
            "user",
            children: [
                Node("name", name), Node("realname", ""), Node("url", "\(call.origin)/user/\(name)"),
                Node("country", "None"), Node("subscriber", "0"), Node("playcount", "\(plays)"),
            ])
    }

    /// The newest first.
    func recentTracks(_ settings: LastFMSettings) throws(LastFMError) -> Node {
        let user = try call.required("user")
        guard settings.passwords[user] != nil else { throw LastFMError(6, "User not found", status: 404) }
        let plays = state.scrobbles.filter { $0.user == user }.sorted { $0.timestamp > $1.timestamp }
        let limit = call.limit(50)
        let page = max(1, call.parameters.int("page") ?? 1)
        let tracks = plays.dropFirst((page - 1) * limit).prefix(limit).map { play in
            Node(
                "track",
                children: [
                    Node("artist", play.artist, [("mbid", "")]), Node("streamable", "0"), Node("mbid", ""),
                    Node("name", play.track), Node("album", play.album, [("mbid", "")]), Node("url", ""),
                    Node("date", "\(play.timestamp)", [("uts", .string("\(play.timestamp)"))]),
                ])
        }
        let attributes: [(name: String, value: JSON)] = [
            ("user", .string(user)), ("page", .string("\(page)")), ("perPage", .string("\(limit)")),
            ("totalPages", .string("\((plays.count + limit - 1) / limit)")), ("total", .string("\(plays.count)")),
        ]
        return Node("recenttracks", attributes, list: Array(tracks), of: "track")
    }
}
