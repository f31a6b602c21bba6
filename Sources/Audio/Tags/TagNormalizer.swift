import Domain

/// Turns what the parser found into what the library keeps. Pure: same tags, same metadata.
struct TagNormalizer {
    /// Canonical name to values, from the best tag that has any.
    private var values: [String: (source: RawTags.Source, texts: [String])] = [:]

    static func metadata(of tags: RawTags) -> TrackMetadata {
        var normalizer = TagNormalizer()
        for field in tags.fields { normalizer.take(field) }
        return normalizer.metadata()
    }

    private mutating func take(_ field: RawTags.Field) {
        guard let name = TagNames.canonical(field.name, in: field.source), let text = TagText.clean(field.value) else {
            return
        }
        guard let known = values[name] else {
            values[name] = (field.source, [text])
            return
        }
        if known.source == field.source {
            // The same value twice (two spellings of one name) is one value.
            if known.texts.count < TagNormalizer.valuesMax, !known.texts.contains(text) {
                values[name]?.texts.append(text)
            }
        } else if field.source.rawValue < known.source.rawValue {
            values[name] = (field.source, [text])
        }
    }

    /// Values of one field, so that looking for doubles stays cheap.
    private static let valuesMax = 256

    private mutating func metadata() -> TrackMetadata {
        var metadata = TrackMetadata()
        metadata.title = first("title")
        metadata.album = first("album")
        metadata.genres = unique(all("genre").flatMap(TagText.genres))
        metadata.isCompilation = first("compilation").map(TagText.flag) ?? false
        metadata.bpm = first("bpm").flatMap { TagText.decimal($0, in: 1...1000) }
        metadata.key = first("key")
        takeArtists(into: &metadata)
        takeNumbers(into: &metadata)
        takeDates(into: &metadata)
        takeMusicBrainz(into: &metadata)
        metadata.replayGain = replayGain()
        metadata.extra = values.mapValues(\.texts)
        return metadata
    }

    private mutating func takeArtists(into metadata: inout TrackMetadata) {
        let credit = all("artist")
        let artists = all("artists")
        metadata.artists = artists.isEmpty ? credit : artists
        let joined = credit.joined(separator: "; ")
        if !artists.isEmpty, !credit.isEmpty, credit != artists, joined != artists.joined(separator: "; ") {
            metadata.artistCredit = joined
        }
        let albumArtist = all("albumartist")
        let albumArtists = all("albumartists")
        metadata.albumArtists = albumArtists.isEmpty ? albumArtist : albumArtists
    }

    private mutating func takeNumbers(into metadata: inout TrackMetadata) {
        let track = first("tracknumber").map(TagText.numberAndTotal)
        metadata.trackNumber = track?.number
        metadata.trackTotal = first("tracktotal").flatMap { TagText.count($0) } ?? track?.total
        let disc = first("discnumber").map(TagText.numberAndTotal)
        metadata.discNumber = disc?.number
        metadata.discTotal = first("disctotal").flatMap { TagText.count($0) } ?? disc?.total
    }

    private mutating func takeDates(into metadata: inout TrackMetadata) {
        metadata.date = bestDate(all("date"))
        let originalYear = bestDate(all("originalyear"))
        metadata.originalDate = bestDate(all("originaldate")) ?? originalYear
    }

    /// `DATE` and `YEAR` may stand side by side: the more precise one counts.
    private func bestDate(_ texts: [String]) -> String? {
        let dates = texts.compactMap(TagDate.normalize)
        return dates.first { date in !dates.contains { $0.utf8.count > date.utf8.count } }
    }

    private mutating func takeMusicBrainz(into metadata: inout TrackMetadata) {
        metadata.musicBrainz.recording = ids("musicbrainz_trackid").first
        metadata.musicBrainz.releaseTrack = ids("musicbrainz_releasetrackid").first
        metadata.musicBrainz.release = ids("musicbrainz_albumid").first
        metadata.musicBrainz.releaseGroup = ids("musicbrainz_releasegroupid").first
        metadata.musicBrainz.work = ids("musicbrainz_workid").first
        metadata.musicBrainz.artists = ids("musicbrainz_artistid")
        metadata.musicBrainz.albumArtists = ids("musicbrainz_albumartistid")
    }

    private mutating func replayGain() -> ReplayGain {
        var gain = ReplayGain()
        let oldTrack = decibels("rva2_track_gain"), oldAlbum = decibels("rva2_album_gain")
        let oldTrackPeak = peak("rva2_track_peak"), oldAlbumPeak = peak("rva2_album_peak")
        let r128Track = r128("r128_track_gain"), r128Album = r128("r128_album_gain")
        gain.trackGainDb = decibels("replaygain_track_gain") ?? r128Track ?? oldTrack
        gain.albumGainDb = decibels("replaygain_album_gain") ?? r128Album ?? oldAlbum
        gain.trackPeak = peak("replaygain_track_peak") ?? oldTrackPeak
        gain.albumPeak = peak("replaygain_album_peak") ?? oldAlbumPeak
        return gain
    }

    private mutating func decibels(_ name: String) -> Double? {
        first(name).flatMap { TagText.decimal($0, in: -100...100) }
    }

    private mutating func peak(_ name: String) -> Double? {
        first(name).flatMap { TagText.decimal($0, in: 0...100) }
    }

    /// RFC 7845: dB × 256 against −23 LUFS; ReplayGain's reference is 5 dB higher.
    private mutating func r128(_ name: String) -> Double? {
        first(name).flatMap { TagText.decimal($0, in: -32_768...32_767) }.map { $0 / 256 + 5 }
    }

    private mutating func ids(_ name: String) -> [String] {
        unique(all(name).flatMap(TagText.musicBrainzIDs))
    }

    private func unique(_ texts: [String]) -> [String] {
        guard texts.count > 1 else { return texts }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    /// Takes the field out, so that what nobody asked for is left for `extra`.
    private mutating func all(_ name: String) -> [String] {
        values.removeValue(forKey: name)?.texts ?? []
    }

    private mutating func first(_ name: String) -> String? {
        all(name).first
    }
}
