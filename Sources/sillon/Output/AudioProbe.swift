import Domain

/// An analysis with the moments of its beats, as `sillon probe audio --json` prints it.
struct AudioProbe: Encodable {
    let analysis: AudioAnalysis
    /// To the millisecond.
    let beats: [Double]

    init(_ sketch: AudioSketch) {
        analysis = sketch.analysis
        beats = sketch.beats.map { ($0 * 1000).rounded() / 1000 }
    }

    private enum CodingKeys: String, CodingKey {
        case beats = "beats_seconds"
    }

    func encode(to encoder: any Encoder) throws {
        try analysis.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(beats, forKey: .beats)
    }
}
