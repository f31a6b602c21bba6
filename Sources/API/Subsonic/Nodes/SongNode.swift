import Domain

/// A track as players know it: a `Child`.
struct SongNode {
    let track: Track
    let credits: TrackCredits
    let mark: Mark?
    let roots: [FilePath]

    private static let decibels = 100.0
    private static let peaks = 1_000_000.0

    var node: SubsonicNode {
        var node = SubsonicNode()
        let metadata = track.metadata
        node.set("id", SubsonicID.track(track.id).description)
        node.set("parent", parent)
        node.set("isDir", flag: false)
        node.set("title", track.displayTitle)
        node.set("album", metadata.album)
        node.set("artist", artist)
        node.set("track", metadata.trackNumber.flatMap(Self.counted))
        node.set("discNumber", metadata.discNumber.flatMap(Self.counted))
        node.set("year", metadata.year)
        node.set("genre", metadata.genres.first)
        node.set("coverArt", cover)
        describeFile(&node)
        node.set("playCount", mark?.plays ?? 0)
        node.set("played", time: mark?.lastPlayedAt)
        node.set("created", time: track.addedAt)
        node.set("starred", time: mark?.starredAt)
        node.set("userRating", mark?.rating)
        node.set("albumId", track.albumID.map { SubsonicID.album($0).description })
        node.set("artistId", artistID)
        node.set("type", "music")
        node.set("mediaType", "song")
        node.set("isVideo", flag: false)
        describeTags(&node)
        return node
    }

    private func describeFile(_ node: inout SubsonicNode) {
        let properties = track.properties
        node.set("size", track.sentBytes)
        node.set("contentType", track.sentMediaType)
        node.set("suffix", track.sentSuffix)
        node.set("duration", durationMs.map { ($0 + 500) / 1000 })
        node.set("bitRate", properties.bitrateKbps)
        node.set("bitDepth", properties.bitsPerSample)
        node.set("samplingRate", properties.sampleRate ?? track.analysis?.sampleRate)
        node.set("channelCount", properties.channels ?? track.analysis?.channels)
        node.set("path", relativePath)
    }

    /// What OpenSubsonic adds.
    private func describeTags(_ node: inout SubsonicNode) {
        let metadata = track.metadata
        node.set("bpm", (metadata.bpm ?? track.analysis?.tempoBpm).flatMap { Int(exactly: $0.rounded()) })
        node.set("comment", metadata.extra["comment"]?.first)
        node.set("sortName", metadata.extra["titlesort"]?.first)
        node.set("musicBrainzId", metadata.musicBrainz.recording)
        node.set("displayArtist", artist)
        node.set("displayAlbumArtist", Self.joined(credits.albumArtists.map(\.name)))
        node.set("displayComposer", Self.joined(metadata.extra["composer"] ?? []))
        node.set("explicitStatus", explicitStatus)
        node.set(texts: metadata.extra["isrc"], "isrc")
        node.set(texts: metadata.extra["mood"], "moods")
        node.set(texts: metadata.extra["grouping"], "groupings")
        node.add("genres", .children(SubsonicNode.named(metadata.genres)))
        node.add("artists", .children(credits.artists.map(\.node)))
        node.add("albumArtists", .children(credits.albumArtists.map(\.node)))
        if let gain = replayGain { node.add("replayGain", .child(gain)) }
    }

    private var artist: String? { track.displayArtist.isEmpty ? nil : track.displayArtist }

    private var artistID: String? { track.artistIDs.first.map { SubsonicID.artist($0).description } }

    private var parent: String? { track.albumID.map { SubsonicID.album($0).description } ?? artistID }

    private var cover: String? { track.coverHash.map { SubsonicID.cover($0).description } ?? album }

    /// Its album may have a picture that was found elsewhere.
    private var album: String? { track.albumID.map { SubsonicID.album($0).description } }

    private var durationMs: Int? { track.analysis?.durationMs ?? track.properties.durationMs }

    /// From its root on: where the library lies is nobody's affair. Players name files by it, so each part has one of its own.
    private var relativePath: String {
        guard track.segment != nil else { return relativeFilePath }
        return relativeFilePath + "/" + track.nameOfPart.replacing("/", with: "_")
    }

    private var relativeFilePath: String {
        guard let root = roots.first(where: { $0.contains(track.path) }) else {
            return String(decoding: track.path.lastComponent, as: UTF8.self)
        }
        let rest = track.path.bytes.dropFirst(root.bytes.count).drop { $0 == FilePath.slash }
        return String(decoding: rest, as: UTF8.self)
    }

    private var explicitStatus: String? {
        switch track.metadata.extra["itunesadvisory"]?.first {
        case "1", "4": "explicit"
        case "2": "clean"
        default: nil
        }
    }

    /// As the tags have it, and what was measured where they have nothing.
    private var replayGain: SubsonicNode? {
        let (tagged, measured) = (track.metadata.replayGain, track.measuredGain)
        var node = SubsonicNode()
        node.set("trackGain", number: Self.rounded(tagged.trackGainDb ?? measured?.trackGainDb, Self.decibels))
        node.set("albumGain", number: Self.rounded(tagged.albumGainDb ?? measured?.albumGainDb, Self.decibels))
        node.set("trackPeak", number: Self.rounded(tagged.trackPeak ?? measured?.trackPeak, Self.peaks))
        node.set("albumPeak", number: Self.rounded(tagged.albumPeak ?? measured?.albumPeak, Self.peaks))
        return node.members.isEmpty ? nil : node
    }

    private static func rounded(_ number: Double?, _ steps: Double) -> Double? {
        number.map { ($0 * steps).rounded() / steps }
    }

    static func joined(_ names: [String]) -> String? { names.isEmpty ? nil : names.joined(separator: ", ") }

    private static func counted(_ number: Int) -> Int? { number >= 0 ? number : nil }
}

extension TrackCredits.Artist {
    var node: SubsonicNode {
        var node = SubsonicNode()
        node.set("id", SubsonicID.artist(id).description)
        node.set("name", name)
        return node
    }
}

extension SubsonicNode {
    /// `[{name}]`
    static func named(_ names: [String]) -> [SubsonicNode] {
        names.map { name in
            var node = SubsonicNode()
            node.set("name", name)
            return node
        }
    }

    mutating func set(texts: [String]?, _ name: String) { set(name, texts: texts ?? []) }
}
