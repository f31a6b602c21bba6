import Domain

/// Which stretches of a piece tempo, key and features are taken from, so that memory and time stay bounded.
///
/// Everything up to 20 minutes in full mode. A longer piece is thinned out evenly: whenever 40 stretches are kept, every
/// second one is forgotten, and from then on half as many are listened to. In windows mode it begins with one of three.
struct ListeningPlan {
    /// In samples: 160 frames of the longest spectrum, so 29.7 s.
    static let stretchSamples = 160 * SpectralPeaks.hop
    static let stretchSeconds = Double(stretchSamples) / Double(Resampler.outputRate)
    static let maxStretches = 40

    /// One of so many stretches is listened to …
    private(set) var period: Int
    /// … beginning with this one: windows leave out a piece's opening.
    private let first: Int

    init(_ mode: AnalysisMode) {
        (period, first) = mode == .full ? (1, 0) : (3, 1)
    }

    func includes(second: Double) -> Bool {
        Int(second / Self.stretchSeconds) % period == first
    }

    mutating func thin() {
        period *= 2
    }
}
