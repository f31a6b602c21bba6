/// `?query=`: what matches, the best first. Scores are relative to the best, which has 100 however poor it is.
struct MusicBrainzSearch {
    let catalogue: Catalogue
    let query: Parameters

    struct Page {
        let items: [JSON]
        let count: Int
        let offset: Int
    }

    private static let standardLimit = 25
    private static let maxLimit = 100

    func page(_ entity: String) throws(MusicBrainzError) -> Page {
        guard let text = query["query"], text.contains(where: { !$0.isWhitespace }) else {
            throw MusicBrainzError(400, "Must specify a least one parameter for 'artist','release' or 'query'")
        }
        let parsed = try parse(text, entity)
        let plain = MusicBrainzEntities(catalogue: catalogue, inc: ["artist-credits"])
        switch entity {
        case "recording":
            return hits(parsed, catalogue.recordings, { SearchDocument($0, in: catalogue) }, \.id, json: hit)
        case "release":
            return hits(parsed, catalogue.releases, { SearchDocument($0) }, \.id, json: hit)
        case "artist":
            return hits(parsed, catalogue.artists, { SearchDocument($0) }, \.id) { artist in
                MusicBrainzEntities(catalogue: catalogue, inc: ["tags"]).artist(artist)
            }
        case "release-group":
            return hits(parsed, catalogue.releases, { SearchDocument($0) }, \.groupID, json: plain.group)
        default: throw .notFound
        }
    }

    /// With `dismax=true` any words, looked for in all names.
    private func parse(_ text: String, _ entity: String) throws(MusicBrainzError) -> LuceneQuery {
        if query["dismax"] == "true" {
            let words = LuceneParser.split(text)
            let fields = entity == "artist" ? ["artist"] : ["recording", "release", "artist"]
            return .any(fields.map { .words(words, field: $0, isPhrase: false, isPrefix: false) })
        }
        do {
            return try LuceneQuery(text)
        } catch {
            throw MusicBrainzError(400, "Unable to parse search: \(text)")
        }
    }

    private func hits<Thing>(
        _ parsed: LuceneQuery, _ things: [Thing], _ document: (Thing) -> SearchDocument, _ id: (Thing) -> String,
        json: (Thing) -> JSON
    ) -> Page {
        let scored = things.map { (thing: $0, score: document($0).score(parsed)) }.filter { $0.score > 0 }
            .sorted { ($1.score, id($0.thing)) < ($0.score, id($1.thing)) }
        let limit = query.int("limit") ?? Self.standardLimit
        let offset = max(0, query.int("offset") ?? 0)
        let best = scored.first?.score ?? 1
        let size = (1...Self.maxLimit).contains(limit) ? limit : Self.standardLimit
        let items = scored.dropFirst(offset).prefix(size).map { hit -> JSON in
            let score: JSON = ["score": .int(Int((100 * hit.score / best).rounded()))]
            let own = json(hit.thing).members ?? []
            // The score stands behind the id.
            return .object(own.prefix(1) + (score.members ?? []) + own.dropFirst())
        }
        return Page(items: items, count: scored.count, offset: offset)
    }

    private func hit(_ recording: Catalogue.Recording) -> JSON {
        let inc: Set = ["artist-credits", "isrcs", "tags"]
        let releases = recording.releaseIDs.compactMap(catalogue.release).map { hit($0, with: recording) }
        return MusicBrainzEntities(catalogue: catalogue, inc: inc).recording(recording)
            .adding(["releases": .array(releases)])
    }

    /// A release inside a recording: with the track alone that is the recording.
    private func hit(_ release: Catalogue.Release, with recording: Catalogue.Recording) -> JSON {
        let track = release.tracks.first { $0.recordingID == recording.id }
        let number = track?.number ?? 1
        let media: JSON = [
            [
                "position": 1, "format": "Digital Media",
                "track": [
                    [
                        "id": JSON(track?.id), "number": .string("\(number)"), "title": .string(recording.title),
                        "length": .int(recording.lengthMs),
                    ]
                ],
                "track-count": .int(release.tracks.count), "track-offset": .int(number - 1),
            ]
        ]
        return [
            "id": .string(release.id), "title": .string(release.title), "status": "Official",
            "date": .string(release.date), "country": .string(release.country),
            "release-group": MusicBrainzEntities(catalogue: catalogue, inc: []).group(release),
            "track-count": .int(release.tracks.count), "media": media,
        ]
    }

    private func hit(_ release: Catalogue.Release) -> JSON {
        let plain = MusicBrainzEntities(catalogue: catalogue, inc: [])
        return [
            "id": .string(release.id), "title": .string(release.title), "status": "Official",
            "date": .string(release.date), "country": .string(release.country), "barcode": .string(release.barcode),
            "artist-credit": plain.credit(release.credits), "release-group": plain.group(release),
            "label-info": plain.labelInfo(release), "track-count": .int(release.tracks.count),
            "media": [["format": "Digital Media", "disc-count": 0, "track-count": .int(release.tracks.count)]],
        ]
    }
}
