/// Artists, albums and tracks under Napster's ids, which count from 1 in the order of the catalogue.
struct NapsterCatalogue {
    let catalogue: Catalogue
    let origin: String

    // MARK: Ids

    private func number(_ id: String, _ prefix: String, count: Int) -> Int? {
        guard id.lowercased().hasPrefix(prefix + "."), let number = Int(id.dropFirst(prefix.count + 1)),
            (1...max(count, 1)).contains(number), count > 0
        else { return nil }
        return number - 1
    }

    func track(_ id: String) -> JSON? {
        number(id, "tra", count: catalogue.recordings.count).map { json(catalogue.recordings[$0], number: $0) }
    }

    /// By id, or by name with dashes.
    func artistIndex(_ id: String) -> Int? {
        number(id, "art", count: catalogue.artists.count)
            ?? catalogue.artists.firstIndex { Self.dashed($0.name) == id.lowercased() }
    }

    func artistIndex(of artist: Catalogue.Artist) -> Int? { catalogue.artists.firstIndex { $0.id == artist.id } }

    func albumIndex(_ id: String) -> Int? { number(id, "alb", count: catalogue.releases.count) }

    static func dashed(_ name: String) -> String { Names.loose(name).replacing(" ", with: "-") }

    // MARK: JSON

    func artist(at index: Int) -> JSON {
        let artist = catalogue.artists[index]
        let href = "\(origin)/v2.2/artists/art.\(index + 1)"
        return [
            "type": "artist", "id": "art.\(index + 1)", "href": .string(href), "name": .string(artist.name),
            "shortcut": .string(Self.dashed(artist.name)), "blurbs": [],
            "bios": [["title": "", "bio": .string(artist.about)]],
            "albumGroups": ["main": .array(albums(of: artist).map { "alb.\($0 + 1)" })],
            "links": [
                "albums": ["href": .string(href + "/albums")], "images": ["href": .string(href + "/images")],
                "topTracks": ["href": .string(href + "/tracks/top")],
            ],
        ]
    }

    func album(at index: Int) -> JSON {
        let release = catalogue.releases[index]
        let artist = release.credits.first.flatMap { credit in
            catalogue.artists.firstIndex { $0.id == credit.artistID }
        }
        return [
            "type": "album", "id": "alb.\(index + 1)", "upc": .string(release.barcode),
            "shortcut": .string(Self.dashed(release.artistText) + "/" + Self.dashed(release.title)),
            "href": "\(origin)/v2.2/albums/alb.\(index + 1)", "name": .string(release.title),
            "released": .string(release.date), "originallyReleased": .string(release.date),
            "label": .string(release.label), "discCount": 1, "trackCount": .int(release.tracks.count),
            "isExplicit": false, "isSingle": false, "artistName": .string(release.artistText),
            "contributingArtists": ["primaryArtist": .string("art.\((artist ?? 0) + 1)")],
            "links": ["tracks": ["href": "\(origin)/v2.2/albums/alb.\(index + 1)/tracks"]],
        ]
    }

    func json(_ recording: Catalogue.Recording, number: Int) -> JSON {
        let album = recording.releaseIDs.first.flatMap { id in catalogue.releases.firstIndex { $0.id == id } } ?? 0
        let release = catalogue.releases[album]
        let position = release.tracks.first { $0.recordingID == recording.id }?.number ?? 1
        let artist = recording.credits.first.flatMap { credit in
            catalogue.artists.firstIndex { $0.id == credit.artistID }
        }
        let artistID: JSON = .string("art.\((artist ?? 0) + 1)")
        let albumID: JSON = .string("alb.\(album + 1)")
        let shortcut = [release.artistText, release.title, recording.title].map(Self.dashed).joined(separator: "/")
        return [
            "type": "track", "id": "tra.\(number + 1)", "index": .int(position), "disc": 1,
            "href": "\(origin)/v2.2/tracks/tra.\(number + 1)", "playbackSeconds": .int(recording.lengthMs / 1000),
            "isExplicit": false, "isStreamable": true, "name": .string(recording.title),
            "isrc": .string(recording.isrc), "shortcut": .string(shortcut), "blurbs": [], "artistId": artistID,
            "artistName": .string(recording.artistText), "albumId": albumID, "albumName": .string(release.title),
            "formats": [["type": "format", "bitrate": 320, "name": "AAC"]], "previewURL": .null,
            "contributors": ["primaryArtist": artistID],
            "links": [
                "artists": ["ids": [artistID], "href": .string("\(origin)/v2.2/artists/\(artistID.string ?? "")")],
                "albums": ["ids": [albumID], "href": .string("\(origin)/v2.2/albums/\(albumID.string ?? "")")],
                "genres": ["ids": .array(recording.tags.map { .string(genreID($0.name)) })],
            ],
        ]
    }

    // MARK: Lists

    func albums(of artist: Catalogue.Artist) -> [Int] {
        catalogue.releases.indices.filter { index in
            catalogue.releases[index].credits.contains { $0.artistID == artist.id }
        }
    }

    func tracks(of release: Catalogue.Release) -> [JSON] {
        let ids = release.tracks.map(\.recordingID)
        return ids.compactMap { id in
            catalogue.recordings.firstIndex { $0.id == id }.map { json(catalogue.recordings[$0], number: $0) }
        }
    }

    func tracks(of artist: Catalogue.Artist) -> [JSON] {
        catalogue.recordings.indices.filter { index in
            catalogue.recordings[index].credits.contains { $0.artistID == artist.id }
        }.map { json(catalogue.recordings[$0], number: $0) }
    }

    var genres: [JSON] {
        Set(catalogue.artists.flatMap { $0.tags.map(\.name) }).sorted().map {
            ["type": "genre", "id": .string(genreID($0)), "name": .string($0), "shortcut": .string(Self.dashed($0))]
        }
    }

    private func genreID(_ name: String) -> String {
        "g.\(name.utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_000 })"
    }

    /// All words of a query are in the name, or in a song's artist and name together.
    func search(_ query: String) -> (tracks: [JSON], artists: [JSON], albums: [JSON]) {
        let words = Set(LuceneParser.split(query))
        let matches: (String) -> Bool = { words.isSubset(of: LuceneParser.split($0)) }
        let tracks = catalogue.recordings.enumerated().filter {
            matches("\($0.element.artistText) \($0.element.title)")
        }
        let artists = catalogue.artists.indices.filter { matches(catalogue.artists[$0].name) }
        let albums = catalogue.releases.indices.filter {
            matches("\(catalogue.releases[$0].artistText) \(catalogue.releases[$0].title)")
        }
        return (
            tracks.map { json($0.element, number: $0.offset) }, artists.map { artist(at: $0) },
            albums.map { album(at: $0) }
        )
    }
}
