import Contracts
import Domain
import UseCases

extension Shape where Value == Track {
    static let track = Shape.object("Track") { everything }

    /// With what is too large for lists.
    static let singleTrack = Shape.object("SingleTrack") {
        everything
        Field(
            optional: "fingerprint", .text,
            "Chromaprint, as AcoustID takes it; null unless the analysis was made with SILLON_FINGERPRINT=true."
        ) { $0.analysis?.details?.fingerprint }
        Field("outside", .outside, "What services outside know; see `enrich`.") { $0.outside }
    }

    @FieldsBuilder<Track> private static var everything: [Field<Track>] {
        identity
        mark
        tags
        audio
        sound
        Field(optional: "replay_gain", .replayGain, "As measured; null before the analysis.") { $0.measuredGain }
        Field("tagged_replay_gain", .replayGain, "As the tags say; R128 tags are converted.") { $0.metadata.replayGain }
        Field("musicbrainz", .musicBrainz) { $0.metadata.musicBrainz }
        Field("extra_tags", .tagMap, "Every other tag by its name.") { $0.metadata.extra }
    }

    @FieldsBuilder<Track> private static var identity: [Field<Track>] {
        Field("id", .integer) { $0.id }
        Field("path", .path) { $0.path }
        Field(optional: "segment", .segment, "Which part of the file the track is; null when it is all of it.") {
            $0.segment
        }
        Field("state", .text, "present, or missing when the last scan did not find the file.") { $0.state.rawValue }
        Field("size_bytes", .integer) { $0.facts.size }
        Field("added_at", .time) { $0.addedAt }
        Field("indexed_at", .time) { $0.indexedAt }
    }

    @FieldsBuilder<Track> private static var mark: [Field<Track>] {
        Field(optional: "starred_at", .time, "Since when the account that asks has starred it; null without a star.") {
            $0.mark?.starredAt
        }
        Field(optional: "rating", .count, "1 to 5, by the account that asks; null without one.") { $0.mark?.rating }
        Field("play_count", .count, "Listens of the account that asks.") { $0.mark?.plays ?? 0 }
        Field(optional: "last_played_at", .time, "When the last of them began.") { $0.mark?.lastPlayedAt }
    }

    @FieldsBuilder<Track> private static var tags: [Field<Track>] {
        Field("title", .text, "The file's name when it has no title.") { $0.displayTitle }
        Field("artist", .text, "The credit as written; empty when nobody is named.") { $0.displayArtist }
        Field("artists", Shape<String>.text.list) { $0.metadata.artists }
        Field("artist_ids", Shape<Int64>.integer.list) { $0.artistIDs }
        Field(optional: "album", .text) { $0.metadata.album }
        Field(optional: "album_id", .integer) { $0.albumID }
        Field("album_artists", Shape<String>.text.list) { $0.metadata.albumArtists }
        Field("genres", Shape<String>.text.list) { $0.metadata.genres }
        Field(optional: "year", .count) { $0.metadata.year }
        Field(optional: "date", .text, "ISO 8601 with the precision of the tag.") { $0.metadata.date }
        Field(optional: "original_date", .text) { $0.metadata.originalDate }
        Field(optional: "track_number", .count) { $0.metadata.trackNumber }
        Field(optional: "track_total", .count) { $0.metadata.trackTotal }
        Field(optional: "disc_number", .count) { $0.metadata.discNumber }
        Field(optional: "disc_total", .count) { $0.metadata.discTotal }
        Field("compilation", .flag) { $0.metadata.isCompilation }
        Field(optional: "tagged_bpm", .number) { $0.metadata.bpm }
        Field(optional: "tagged_key", .text) { $0.metadata.key }
        Field(optional: "cover", .text, "URL of the picture.") { $0.coverHash.map(CoverURL.of) }
    }

    @FieldsBuilder<Track> private static var audio: [Field<Track>] {
        Field("codec", .text) { $0.properties.codec }
        Field(optional: "duration_ms", .count, "As decoded, or as the header says while that is not known.") {
            $0.analysis?.durationMs ?? $0.properties.durationMs
        }
        Field(optional: "bitrate_kbps", .count) { $0.properties.bitrateKbps }
        Field(optional: "sample_rate", .count, "Hz.") { $0.properties.sampleRate }
        Field(optional: "channels", .count) { $0.properties.channels }
        Field(optional: "bits_per_sample", .count) { $0.properties.bitsPerSample }
        Field(optional: "content_key", .text, "SHA-256 of the encoded audio, without tags.") { $0.contentKey }
    }

    @FieldsBuilder<Track> private static var sound: [Field<Track>] {
        Field(optional: "analysis", .text, "complete, silent, too_short or truncated; null before the analysis.") {
            $0.analysis?.status.rawValue
        }
        Field(optional: "analysis_version", .text) { $0.analysis?.version }
        Field(optional: "tempo_bpm", .number) { $0.analysis?.tempoBpm }
        Field(optional: "tempo_alternative_bpm", .number) { $0.analysis?.tempoAlternativeBpm }
        Field(optional: "tempo_confidence", .number, "0 to 1.") { $0.analysis?.tempoConfidence }
        Field(optional: "key", .text, "As in `C major`, `F# minor`.") { $0.analysis?.key }
        Field(optional: "key_camelot", .text, "The key on the Camelot wheel, as in `8B`.") {
            $0.analysis?.key.flatMap(CamelotKey.init)?.code
        }
        Field(optional: "key_alternative", .text) { $0.analysis?.keyAlternative }
        Field(optional: "key_confidence", .number, "0 to 1.") { $0.analysis?.keyConfidence }
        Field(optional: "tuning_cents", .number, "From A = 440 Hz.") { $0.analysis?.tuningCents }
        Field(optional: "loudness_lufs", .number, "EBU R128.") { $0.analysis?.loudnessLufs }
        Field(optional: "loudness_range_lu", .number) { $0.analysis?.loudnessRangeLu }
        Field(optional: "sample_peak_db", .number, "dBFS.") { $0.analysis?.samplePeakDb }
        Field(optional: "true_peak_db", .number, "dBTP.") { $0.analysis?.truePeakDb }
        Field(optional: "details", .audioDetails, "What else was heard; null before the analysis.") {
            $0.analysis?.details
        }
        Field("has_vector", .flag, "True when similar tracks can be asked for.") { $0.hasVector }
    }
}

extension Shape where Value == Segment {
    static let segment = Shape.object("Segment") {
        Field("number", .count, "Of the track on the sheet that cuts the file.") { $0.number }
        Field("begin_ms", .count, "From the first sample of the file.") { $0.stretch.beginMs }
        Field(optional: "end_ms", .count, "Null: to the end of the file.") { $0.stretch.endMs }
    }
}

extension Shape where Value == ReplayGain {
    static let replayGain = Shape.object("ReplayGain") {
        Field(optional: "track_gain_db", .number, "dB to −18 LUFS (ReplayGain 2.0); null for silence.") {
            $0.trackGainDb
        }
        Field(optional: "track_peak", .number, "Linear: 1 is full scale. Measured peaks are true peaks.") {
            $0.trackPeak
        }
        albumGain
    }

    /// Of an album.
    static let albumReplayGain = Shape.object("AlbumReplayGain") { albumGain }

    @FieldsBuilder<ReplayGain> private static var albumGain: [Field<ReplayGain>] {
        Field(optional: "album_gain_db", .number, "Of all tracks gated together; null until all were heard.") {
            $0.albumGainDb
        }
        Field(optional: "album_peak", .number, "The largest of all tracks.") { $0.albumPeak }
    }
}

extension Shape where Value == MusicBrainzIDs {
    static let musicBrainz = Shape.object("MusicBrainzIDs") {
        Field(optional: "recording", .text) { $0.recording }
        Field(optional: "release_track", .text) { $0.releaseTrack }
        Field(optional: "release", .text) { $0.release }
        Field(optional: "release_group", .text) { $0.releaseGroup }
        Field(optional: "work", .text) { $0.work }
        Field("artists", Shape<String>.text.list) { $0.artists }
        Field("album_artists", Shape<String>.text.list) { $0.albumArtists }
    }
}

extension Shape where Value == [String: [String]] {
    static let tagMap = Shape(
        Schema(["type": "object", "additionalProperties": ["type": "array", "items": ["type": "string"]]])
    ) { tags, writer in
        let list = Shape<String>.text.list
        writer.object { writer in
            for (name, values) in tags.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                list.write(values, &writer)
            }
        }
    }
}
