@testable import Audio

extension TempoEstimator {
    /// - Parameter series: Onset strength of three bands.
    static func estimate(_ series: [[Float]], chroma: Chroma) -> TempoEstimate? {
        OnsetCurve(series).flatMap { estimate($0, chroma: chroma) }
    }
}
