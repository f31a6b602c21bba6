import Domain

/// One file in the answer of `sillon replaygain`.
struct GainRow: Encodable, Sendable {
    enum Outcome: String, Encodable, Sendable {
        /// The tags say something else, or nothing.
        case differs
        /// The tags say it already.
        case current
        /// It was heard, and there is no gain: it is silent, or too short.
        case unmeasured
        case unanalysed
        case written
        case failed
    }

    var id: Int64
    var path: FilePath
    var measured: ReplayGain?
    /// What the file's tags say now; nil when it cannot be read here.
    var tagged: ReplayGain?
    var outcome: Outcome
    /// Why it failed.
    var problem: String?

    enum CodingKeys: String, CodingKey {
        case id, path, outcome, problem
        case measured = "replay_gain"
        case tagged = "tagged_replay_gain"
    }

    init(_ track: GainTrackView, _ reading: Result<(tagged: ReplayGain, isCurrent: Bool), any Error>) {
        (id, path, measured) = (track.id, track.path, track.replayGain)
        switch reading {
        case .success(let reading):
            tagged = reading.tagged
            let hasGain = measured?.trackGainDb != nil || measured?.albumGainDb != nil
            if track.contentKey == nil {
                outcome = .unanalysed
            } else {
                outcome = hasGain ? (reading.isCurrent ? .current : .differs) : .unmeasured
            }
        case .failure(let error):
            outcome = .failed
            problem = CommandError(describing: error).message
        }
    }
}

/// The rows as people read them.
enum GainTable {
    static func of(_ rows: [GainRow]) -> TextTable {
        var table = TextTable([
            .init("FILE", canShrink: true), .init("TRACK GAIN", .right), .init("PEAK", .right),
            .init("ALBUM GAIN", .right), .init("PEAK", .right), .init("TAGGED TRACK", .right),
            .init("ALBUM", .right), .init(""),
        ])
        for row in rows {
            table.add([
                row.path.display, decibels(row.measured?.trackGainDb), peak(row.measured?.trackPeak),
                decibels(row.measured?.albumGainDb), peak(row.measured?.albumPeak),
                decibels(row.tagged?.trackGainDb), decibels(row.tagged?.albumGainDb), word(row.outcome),
            ])
        }
        return table
    }

    private static func decibels(_ gain: Double?) -> String? { gain.map { Readable.decimal($0, 2) + " dB" } }
    private static func peak(_ peak: Double?) -> String? { peak.map { Readable.decimal($0, 6) } }

    private static func word(_ outcome: GainRow.Outcome) -> String {
        switch outcome {
        case .differs: "to write"
        case .current: "up to date"
        case .unmeasured: "no gain"
        case .unanalysed: "not analysed yet"
        case .written: "written"
        case .failed: "failed"
        }
    }
}
