import Domain

/// Turns what the parser found into what the library keeps. Pure: same tags, same metadata.
struct TagNormalizer {
    private struct Values {
        var source: RawTags.Source
        var texts: [String]

        /// The best tag that has a field wins it; the same value twice (two spellings of one name) is one value.
        mutating func take(_ text: String, from source: RawTags.Source) {
            if source == self.source {
                if texts.count < TagNormalizer.valuesMax, !texts.contains(text) { texts.append(text) }
            } else if source.rawValue < self.source.rawValue {
                self = Values(source: source, texts: [text])
            }
        }
    }

    /// Values of one field, so that looking for doubles stays cheap.
    private static let valuesMax = 256

    /// By the number of the field.
    private var fields = [Values?](repeating: nil, count: TagField.allCases.count)
    private var others: [String: Values] = [:]

    static func metadata(of tags: RawTags) -> TrackMetadata {
        var normalizer = TagNormalizer()
        for field in tags.fields { normalizer.take(field) }
        return normalizer.metadata()
    }

    private mutating func take(_ raw: RawTags.Field) {
        guard let text = TagText.clean(raw.value) else { return }
        switch TagNames.name(raw.name, in: raw.source) {
        case .field(let field): TagNormalizer.take(text, from: raw.source, into: &fields[Int(field.rawValue)])
        case .other(let name): TagNormalizer.take(text, from: raw.source, into: &others[name])
        case .ignored: break
        }
    }

    private static func take(_ text: String, from source: RawTags.Source, into values: inout Values?) {
        if values == nil { values = Values(source: source, texts: [text]) } else { values?.take(text, from: source) }
    }

    private func metadata() -> TrackMetadata {
        var metadata = TrackMetadata()
        metadata.title = first(.title)
        metadata.album = first(.album)
        metadata.genres = unique(all(.genre).flatMap(TagText.genres))
        metadata.isCompilation = first(.compilation).map(TagText.flag) ?? false
        metadata.bpm = first(.bpm).flatMap { TagText.decimal($0, in: 1...1000) }
        metadata.key = first(.key)
        takeArtists(into: &metadata)
        takeNumbers(into: &metadata)
        takeDates(into: &metadata)
        takeMusicBrainz(into: &metadata)
        metadata.replayGain = replayGain()
        metadata.extra = others.mapValues(\.texts)
        return metadata
    }

    private func takeArtists(into metadata: inout TrackMetadata) {
        let credit = all(.artist)
        let artists = all(.artists)
        metadata.artists = artists.isEmpty ? credit : artists
        let joined = credit.joined(separator: "; ")
        if !artists.isEmpty, !credit.isEmpty, credit != artists, joined != artists.joined(separator: "; ") {
            metadata.artistCredit = joined
        }
        let albumArtist = all(.albumArtist)
        let albumArtists = all(.albumArtists)
        metadata.albumArtists = albumArtists.isEmpty ? albumArtist : albumArtists
    }

    private func takeNumbers(into metadata: inout TrackMetadata) {
        let track = first(.trackNumber).map(TagText.numberAndTotal)
        metadata.trackNumber = track?.number
        metadata.trackTotal = first(.trackTotal).flatMap { TagText.count($0) } ?? track?.total
        let disc = first(.discNumber).map(TagText.numberAndTotal)
        metadata.discNumber = disc?.number
        metadata.discTotal = first(.discTotal).flatMap { TagText.count($0) } ?? disc?.total
    }

    private func takeDates(into metadata: inout TrackMetadata) {
        metadata.date = bestDate(all(.date))
        let originalYear = bestDate(all(.originalYear))
        metadata.originalDate = bestDate(all(.originalDate)) ?? originalYear
    }

    /// `DATE` and `YEAR` may stand side by side: the more precise one counts.
    private func bestDate(_ texts: [String]) -> String? {
        let dates = texts.compactMap(TagDate.normalize)
        return dates.first { date in !dates.contains { $0.utf8.count > date.utf8.count } }
    }

    private func takeMusicBrainz(into metadata: inout TrackMetadata) {
        metadata.musicBrainz.recording = ids(.recordingID).first
        metadata.musicBrainz.releaseTrack = ids(.releaseTrackID).first
        metadata.musicBrainz.release = ids(.releaseID).first
        metadata.musicBrainz.releaseGroup = ids(.releaseGroupID).first
        metadata.musicBrainz.work = ids(.workID).first
        metadata.musicBrainz.artists = ids(.artistIDs)
        metadata.musicBrainz.albumArtists = ids(.albumArtistIDs)
    }

    private func replayGain() -> ReplayGain {
        var gain = ReplayGain()
        let oldTrack = decibels(.rva2TrackGain), oldAlbum = decibels(.rva2AlbumGain)
        let oldTrackPeak = peak(.rva2TrackPeak), oldAlbumPeak = peak(.rva2AlbumPeak)
        let r128Track = r128(.r128TrackGain), r128Album = r128(.r128AlbumGain)
        gain.trackGainDb = decibels(.trackGain) ?? r128Track ?? oldTrack
        gain.albumGainDb = decibels(.albumGain) ?? r128Album ?? oldAlbum
        gain.trackPeak = peak(.trackPeak) ?? oldTrackPeak
        gain.albumPeak = peak(.albumPeak) ?? oldAlbumPeak
        return gain
    }

    private func decibels(_ field: TagField) -> Double? {
        first(field).flatMap { TagText.decimal($0, in: -100...100) }
    }

    private func peak(_ field: TagField) -> Double? {
        first(field).flatMap { TagText.decimal($0, in: 0...100) }
    }

    /// RFC 7845: dB × 256 against −23 LUFS; ReplayGain's reference is 5 dB higher.
    private func r128(_ field: TagField) -> Double? {
        first(field).flatMap { TagText.decimal($0, in: -32_768...32_767) }.map { $0 / 256 + 5 }
    }

    private func ids(_ field: TagField) -> [String] {
        unique(all(field).flatMap(TagText.musicBrainzIDs))
    }

    private func unique(_ texts: [String]) -> [String] {
        guard texts.count > 1 else { return texts }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    private func all(_ field: TagField) -> [String] {
        fields[Int(field.rawValue)]?.texts ?? []
    }

    private func first(_ field: TagField) -> String? {
        fields[Int(field.rawValue)]?.texts.first
    }
}
