/// What MusicBrainz says of a thing, in the shape of its JSON; XML is made of the same.
struct MusicBrainzEntities {
    let catalogue: Catalogue
    /// What the client asked for beside the thing itself.
    let inc: Set<String>

    /// Things in a list inside a look-up.
    static let maxLinked = 25

    func recording(_ recording: Catalogue.Recording) -> JSON {
        let releases = recording.releaseIDs.compactMap(catalogue.release)
        var json: JSON = [
            "id": .string(recording.id), "title": .string(recording.title), "length": .int(recording.lengthMs),
            "disambiguation": "", "video": false, "first-release-date": JSON(releases.map(\.date).min()),
        ]
        if has("artist-credits", "artists") { json = json.adding(["artist-credit": credit(recording.credits)]) }
        if has("releases") {
            let inner = MusicBrainzEntities(catalogue: catalogue, inc: inc.subtracting(["recordings", "releases"]))
            json = json.adding(["releases": .array(releases.prefix(Self.maxLinked).map(inner.release))])
        }
        if has("isrcs") { json = json.adding(["isrcs": [.string(recording.isrc)]]) }
        return adding(tags: recording.tags, id: recording.id, to: json)
    }

    func release(_ release: Catalogue.Release) -> JSON {
        let area: JSON = [
            "id": .string(Digest.uuid(of: "area", release.country)), "name": "[Worldwide]", "sort-name": "[Worldwide]",
            "disambiguation": "", "iso-3166-1-codes": [.string(release.country)],
        ]
        let hasCover = release.coverSeed != nil
        var json: JSON = [
            "id": .string(release.id), "title": .string(release.title), "status": "Official",
            "status-id": "4e304316-386d-3409-af2e-78857eec5cfe", "quality": "normal",
            "text-representation": ["language": "eng", "script": "Latn"], "date": .string(release.date),
            "country": .string(release.country),
            "release-events": [["date": .string(release.date), "area": area]], "barcode": .string(release.barcode),
            "asin": .null, "packaging": .null, "packaging-id": .null, "disambiguation": "",
            "cover-art-archive": [
                "artwork": .bool(hasCover), "count": hasCover ? 2 : 0, "front": .bool(hasCover),
                "back": .bool(hasCover), "darkened": false,
            ],
        ]
        if has("artist-credits", "artists") { json = json.adding(["artist-credit": credit(release.credits)]) }
        if has("labels") { json = json.adding(["label-info": labelInfo(release)]) }
        if has("release-groups") { json = json.adding(["release-group": group(release)]) }
        if has("media", "recordings", "discids") { json = json.adding(["media": [medium(release)]]) }
        return adding(tags: release.tags, id: release.id, to: json)
    }

    /// The group of a release, as the release's first of its kind tells of it.
    func group(_ release: Catalogue.Release) -> JSON {
        var json: JSON = [
            "id": .string(release.groupID), "title": .string(release.title), "primary-type": "Album",
            "primary-type-id": "f529b476-6e62-324f-b0aa-1f3e33d313fc",
            "secondary-types": release.isCompilation ? ["Compilation"] : [], "secondary-type-ids": [],
            "first-release-date": JSON(catalogue.releases(inGroup: release.groupID).map(\.date).min()),
            "disambiguation": "",
        ]
        if has("artist-credits") { json = json.adding(["artist-credit": credit(release.credits)]) }
        return json
    }

    func artist(_ artist: Catalogue.Artist) -> JSON {
        var json = shortArtist(artist.id, name: artist.name).adding([
            "type": "Group", "type-id": "e431f5f6-b5d2-343d-8b36-72607fffb74b", "country": .null, "area": .null,
            "gender": .null, "ipis": [], "isnis": [], "life-span": ["begin": .null, "end": .null, "ended": false],
        ])
        let inner = MusicBrainzEntities(catalogue: catalogue, inc: [])
        let releases = catalogue.releases.filter { $0.credits.contains { $0.artistID == artist.id } }
        if has("recordings") {
            let list = catalogue.recordings(by: artist.id).prefix(Self.maxLinked)
            json = json.adding(["recordings": .array(list.map(inner.recording))])
        }
        if has("releases") {
            json = json.adding(["releases": .array(releases.prefix(Self.maxLinked).map(inner.release))])
        }
        if has("release-groups") {
            json = json.adding(["release-groups": .array(releases.prefix(Self.maxLinked).map(inner.group))])
        }
        return adding(tags: artist.tags, id: artist.id, to: json)
    }

    func shortArtist(_ id: String, name: String) -> JSON {
        [
            "id": .string(id), "name": .string(name),
            "sort-name": .string(catalogue.artist(id)?.sortName ?? name), "disambiguation": "",
        ]
    }

    func credit(_ credits: [Catalogue.Credit]) -> JSON {
        .array(
            credits.map { credit in
                [
                    "name": .string(credit.name), "joinphrase": .string(credit.join),
                    "artist": shortArtist(credit.artistID, name: credit.name),
                ]
            })
    }

    func labelInfo(_ release: Catalogue.Release) -> JSON {
        let id = Digest.uuid(of: "label", release.label)
        return [
            [
                "catalog-number": .string("ST \(release.barcode.suffix(3))"),
                "label": [
                    "id": .string(id), "name": .string(release.label), "sort-name": .string(release.label),
                    "disambiguation": "", "label-code": .null,
                ],
            ]
        ]
    }

    private func medium(_ release: Catalogue.Release) -> JSON {
        var json: JSON = [
            "position": 1, "format": "Digital Media", "title": "", "track-count": .int(release.tracks.count),
            "track-offset": 0,
        ]
        guard has("recordings") else { return json }
        let inner = MusicBrainzEntities(catalogue: catalogue, inc: inc.subtracting(["releases", "recordings"]))
        let tracks = release.tracks.compactMap { track in
            catalogue.recording(track.recordingID).map { recording -> JSON in
                [
                    "id": .string(track.id), "position": .int(track.number), "number": .string("\(track.number)"),
                    "title": .string(recording.title), "length": .int(recording.lengthMs),
                    "recording": inner.recording(recording),
                ]
            }
        }
        json = json.adding(["tracks": .array(tracks)])
        return json
    }

    private func adding(tags: [Catalogue.Tag], id: String, to json: JSON) -> JSON {
        var json = json
        let list = tags.map { ["name": .string($0.name), "count": .int(max(1, $0.count / 20))] as JSON }
        if has("tags") { json = json.adding(["tags": .array(list)]) }
        if has("genres") {
            let genres = zip(list, tags).map { item, tag in
                item.adding(["id": .string(Digest.uuid(of: "genre", tag.name)), "disambiguation": ""])
            }
            json = json.adding(["genres": .array(genres)])
        }
        if has("ratings") {
            json = json.adding(["rating": ["value": 4.2, "votes-count": .int(Counts.listeners(id) % 40)]])
        }
        if has("aliases") { json = json.adding(["aliases": []]) }
        return json
    }

    private func has(_ names: String...) -> Bool { names.contains { inc.contains($0) } }
}
