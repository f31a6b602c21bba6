import Foundation

/// Beats by dynamic programming (Ellis 2007, "Beat tracking by dynamic programming"): the sequence of moments that has the
/// strongest onsets while its intervals stay close to the tempo's.
struct BeatTracker {
    /// How much an interval other than the tempo's costs: Ellis's weight of (ln interval / period)².
    private static let tightness = 100.0
    /// Beats at either end that are weaker than this part of the root mean square of all are left out.
    private static let leastEnd: Float = 0.5

    /// Onset strength that a beat may lie on: smoothed, in units of its deviation.
    private let strength: [Float]
    /// Frames from beat to beat.
    private let period: Double

    init(_ onsets: OnsetCurve, bpm: Double) {
        period = 60 / bpm * OnsetFlux.framesPerSecond
        strength = Self.smoothed(onsets.values, width: period / 32)
    }

    /// Frames of the onset curve, with fractions, rising.
    func beats() -> [Double] {
        let (scores, previous) = follow()
        let tail = max(0, scores.count - Int(2 * period))
        guard let end = (tail..<scores.count).max(by: { scores[$0] < scores[$1] }) else { return [] }
        var frames: [Int] = []
        var frame = Int32(end)
        while frame >= 0 {
            frames.append(Int(frame))
            frame = previous[Int(frame)]
        }
        return trimmed(frames.reversed()).map(refined)
    }

    /// For each frame the best score of a sequence that ends there, and the beat before it (−1: none).
    private func follow() -> (scores: [Float], previous: [Int32]) {
        let intervals = max(1, Int((period / 2).rounded()))...max(2, Int((period * 2).rounded()))
        let costs = intervals.map { Float(-Self.tightness * pow(log(Double($0) / period), 2)) }
        var scores = strength
        var previous = [Int32](repeating: -1, count: scores.count)
        scores.withUnsafeMutableBufferPointer { scores in
            costs.withUnsafeBufferPointer { costs in
                for frame in scores.indices.dropFirst(intervals.lowerBound) {
                    var (best, choice): (Float, Int) = (0, -1)
                    for index in 0..<min(costs.count, frame &- intervals.lowerBound &+ 1) {
                        let score = scores[frame &- intervals.lowerBound &- index] + costs[index]
                        if score > best { (best, choice) = (score, index) }
                    }
                    scores[frame] += best
                    if choice >= 0 { previous[frame] = Int32(frame - intervals.lowerBound - choice) }
                }
            }
        }
        return (scores, previous)
    }

    private func trimmed(_ frames: [Int]) -> ArraySlice<Int> {
        let squares = frames.reduce(0) { $0 + strength[$1] * strength[$1] }
        let least = Self.leastEnd * (squares / Float(max(1, frames.count))).squareRoot()
        guard let first = frames.firstIndex(where: { strength[$0] >= least }),
            let last = frames.lastIndex(where: { strength[$0] >= least })
        else { return [] }
        return frames[first...last]
    }

    /// The top of the parabola through the frame and its neighbours, at most half a frame away.
    private func refined(_ frame: Int) -> Double {
        guard frame > 0, frame < strength.count - 1 else { return Double(frame) }
        let (left, top, right) = (strength[frame - 1], strength[frame], strength[frame + 1])
        let bend = left - 2 * top + right
        guard bend < 0 else { return Double(frame) }
        return Double(frame) + Double(min(0.5, max(-0.5, 0.5 * (left - right) / bend)))
    }

    /// Convolved with a Gaussian of `width` frames, relative to the deviation.
    private static func smoothed(_ values: [Float], width: Double) -> [Float] {
        let reach = max(1, Int((3 * width).rounded(.up)))
        let kernel = (-reach...reach).map { Float(exp(-0.5 * pow(Double($0) / width, 2))) }
        let padding = [Float](repeating: 0, count: reach)
        let padded = padding + values + padding
        let scale = Float(1 / (Statistics.deviation(values.lazy.map(Double.init)) + 1e-9))
        return padded.withUnsafeBufferPointer { padded in
            kernel.withUnsafeBufferPointer { kernel in
                guard let base = padded.baseAddress, let weights = kernel.baseAddress else { return [] }
                return values.indices.map { VectorMath.dot(base + $0, weights, kernel.count) * scale }
            }
        }
    }
}
