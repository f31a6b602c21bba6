import Contracts
import Domain

/// `AudioAnalysis` as a row of `analysis`.
enum StoredAnalysis {
    static let columns: Query = """
        content_key, version, status, duration_ms, sample_rate, channels, loudness_lufs, loudness_range_lu,
        sample_peak_db, true_peak_db, tempo_bpm, tempo_alternative_bpm, tempo_confidence, musical_key,
        musical_key_alternative, musical_key_confidence, tuning_cents, features, details, loudness_histogram
        """

    static func read(_ row: any Row) -> AudioAnalysis {
        var analysis = AudioAnalysis(
            contentKey: row.text(0) ?? "", version: row.text(1) ?? "",
            status: row.text(2).flatMap(AudioAnalysis.Status.init) ?? .truncated,
            durationMs: Int(clamping: row.int(3) ?? 0), sampleRate: Int(clamping: row.int(4) ?? 0),
            channels: Int(clamping: row.int(5) ?? 0))
        analysis.loudnessLufs = row.double(6)
        analysis.loudnessRangeLu = row.double(7)
        analysis.samplePeakDb = row.double(8)
        analysis.truePeakDb = row.double(9)
        analysis.tempoBpm = row.double(10)
        analysis.tempoAlternativeBpm = row.double(11)
        analysis.tempoConfidence = row.double(12)
        analysis.key = row.text(13)
        analysis.keyAlternative = row.text(14)
        analysis.keyConfidence = row.double(15)
        analysis.tuningCents = row.double(16)
        analysis.features = row.bytes(17).flatMap { PackedFloats(littleEndianBytes: $0)?.values }
        analysis.details = row.text(18).flatMap(details)
        analysis.loudnessHistogram = row.bytes(19).flatMap(PackedCounts.counts)
        return analysis
    }

    /// Numbers that are no numbers become NULL, and features with one of them are no features.
    static func write(_ analysis: AudioAnalysis, now: Int64, _ connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO analysis (content_key, version, status, duration_ms, sample_rate, channels,
                loudness_lufs, loudness_range_lu, sample_peak_db, true_peak_db, tempo_bpm, tempo_alternative_bpm,
                tempo_confidence, musical_key, musical_key_alternative, musical_key_confidence, tuning_cents,
                analyzed_at, features, details, loudness_histogram)
            VALUES (\(analysis.contentKey), \(analysis.version), \(analysis.status.rawValue), \(analysis.durationMs),
                \(analysis.sampleRate), \(analysis.channels), \(finite(analysis.loudnessLufs)),
                \(finite(analysis.loudnessRangeLu)), \(finite(analysis.samplePeakDb)),
                \(finite(analysis.truePeakDb)), \(finite(analysis.tempoBpm)),
                \(finite(analysis.tempoAlternativeBpm)), \(finite(analysis.tempoConfidence)), \(analysis.key),
                \(analysis.keyAlternative), \(finite(analysis.keyConfidence)), \(finite(analysis.tuningCents)),
                \(now), \(features(of: analysis).map { PackedFloats($0).littleEndianBytes }),
                \(analysis.details.map(ContractJSON.encode)),
                \(analysis.loudnessHistogram.flatMap(PackedCounts.bytes)))
            ON CONFLICT (content_key, version) DO UPDATE SET status = excluded.status,
                duration_ms = excluded.duration_ms, sample_rate = excluded.sample_rate,
                channels = excluded.channels, loudness_lufs = excluded.loudness_lufs,
                loudness_range_lu = excluded.loudness_range_lu, sample_peak_db = excluded.sample_peak_db,
                true_peak_db = excluded.true_peak_db, tempo_bpm = excluded.tempo_bpm,
                tempo_alternative_bpm = excluded.tempo_alternative_bpm,
                tempo_confidence = excluded.tempo_confidence, musical_key = excluded.musical_key,
                musical_key_alternative = excluded.musical_key_alternative,
                musical_key_confidence = excluded.musical_key_confidence, tuning_cents = excluded.tuning_cents,
                analyzed_at = excluded.analyzed_at, features = excluded.features,
                details = excluded.details, loudness_histogram = excluded.loudness_histogram
            """)
    }

    /// The current version's analysis, else the newest older one.
    static func find(_ contentKey: String, _ connection: any Connection) throws -> AudioAnalysis? {
        try connection.first(
            """
            SELECT \(columns) FROM analysis WHERE content_key = \(contentKey)
            ORDER BY version = \(AudioAnalysis.currentVersion) DESC, analyzed_at DESC, version DESC LIMIT 1
            """, read)
    }

    /// Out of the JSON of the details; NULL where there is none.
    static func fingerprint(_ dialect: Dialect) -> Query {
        switch dialect {
        case .sqlite: "json_extract(analysis.details, '$.fingerprint')"
        case .postgres: "CAST(analysis.details AS json) ->> 'fingerprint'"
        }
    }

    /// The condition of a join with `track`: the analysis that `find` answers.
    static let isOfTrack: Query = """
        analysis.content_key = track.content_key AND analysis.version = (
            SELECT version FROM analysis AS any_of WHERE any_of.content_key = track.content_key
            ORDER BY version = \(AudioAnalysis.currentVersion) DESC, analyzed_at DESC, version DESC LIMIT 1)
        """

    /// The condition of an analysis that `find` answers for its content: none is better. As quick as `isOfTrack` is slow
    /// where whole tables are joined.
    static let isBest: Query = """
        NOT EXISTS (SELECT 1 FROM analysis AS better WHERE better.content_key = analysis.content_key
            AND (better.version = \(AudioAnalysis.currentVersion), better.analyzed_at, better.version)
                > (analysis.version = \(AudioAnalysis.currentVersion), analysis.analyzed_at, analysis.version))
        """

    /// As `find`, of the contents of these tracks.
    static func ofTracks(_ these: Query) -> Query {
        """
        SELECT \(columns) FROM analysis
        WHERE content_key IN (SELECT content_key FROM track WHERE id \(these))
            AND version = (SELECT version FROM analysis AS any_of WHERE any_of.content_key = analysis.content_key
                ORDER BY version = \(AudioAnalysis.currentVersion) DESC, analyzed_at DESC, version DESC LIMIT 1)
        """
    }

    private static func details(_ json: String) -> AudioDetails? {
        // Details that another build wrote in another form are as good as none: the analysis itself stands.
        try? ContractJSON.decode(AudioDetails.self, from: json)  // nil is the answer "not the form"
    }

    private static func finite(_ number: Double?) -> Double? {
        number.flatMap { $0.isFinite ? $0 : nil }
    }

    private static func features(of analysis: AudioAnalysis) -> [Float]? {
        analysis.features.flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
    }
}
