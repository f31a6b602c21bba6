import Foundation

/// Energy of the twelve pitch classes (0 = C), frame by frame, 5.4 frames a second; the largest of each frame is 1.
///
/// Each peak counts for its own pitch class and, less and less, for those of which it may be an overtone
/// (sub-harmonics 1…6, Gómez 2006); the piece's own tuning is removed first.
struct Chroma {
    static let classes = 12
    private static let overtones = 6
    private static let decay = 0.6
    private static let compression = 0.7
    /// Semitones from A = 440 Hz.
    private static let bassLimit = -17.0

    /// `frames × 12` values.
    let values: [Float]
    /// Frames that follow each other.
    let ranges: [Range<Int>]
    var frames: Int { values.count / Self.classes }

    init(values: [Float], ranges: [Range<Int>]? = nil) {
        precondition(values.count % Self.classes == 0, "a frame has twelve pitch classes")
        self.values = values
        self.ranges = ranges ?? [0..<values.count / Self.classes]
    }

    init(_ source: SpectralPeaks) {
        self.init(source, overtones: Self.overtones, below: .infinity)
    }

    /// Of the peaks below 165 Hz, as they are: what bass instruments play.
    static func bass(_ source: SpectralPeaks) -> Chroma {
        Chroma(source, overtones: 1, below: bassLimit)
    }

    private init(_ source: SpectralPeaks, overtones: Int, below limit: Double) {
        let tuning = source.tuning
        let steps = (1...overtones).map { 12 * log2(Double($0)) }
        let weights = (0..<overtones).map { pow(Self.decay, Double($0)) }
        var values: [Float] = []
        values.reserveCapacity(source.frameEnds.count * Self.classes)
        var start = 0
        for end in source.frameEnds {
            var frame = [Double](repeating: 0, count: Self.classes)
            for peak in source.peaks[start..<end] {
                let pitch = peak.pitch - tuning
                guard pitch < limit else { continue }
                let weight = pow(peak.magnitude, Self.compression)
                for h in 0..<overtones {
                    let note = pitch - steps[h]
                    let nearest = note.rounded(.toNearestOrEven)
                    let closeness = cos(Double.pi * (note - nearest))
                    // Twelve times eight octaves keep the remainder positive.
                    let pitchClass = (Int(nearest) + 9 + 12 * 16) % 12
                    frame[pitchClass] += weight * weights[h] * closeness * closeness
                }
            }
            let largest = (frame.max() ?? 0) + 1e-9
            values += frame.map { Float($0 / largest) }
            start = end
        }
        self.init(values: values, ranges: source.ranges)
    }

    /// Mean of each pitch class over all frames.
    var mean: [Double] {
        columns(Statistics.mean)
    }

    func columns(_ summary: ([Double]) -> Double) -> [Double] {
        (0..<Self.classes).map { column in
            summary(stride(from: column, to: values.count, by: Self.classes).map { Double(values[$0]) })
        }
    }
}
