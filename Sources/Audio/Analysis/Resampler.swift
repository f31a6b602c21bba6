import CAudio
import Foundation

/// Brings a mono stream from any rate to 22,050 Hz with a polyphase windowed sinc: 32 zero crossings, Kaiser window with
/// β = 9, cut off at 97 % of the lower Nyquist frequency. Output sample n lies at input time n × ratio: no delay.
final class Resampler {
    static let outputRate = 22_050

    private enum Design {
        static let zeroCrossings = 32.0
        static let kaiserBeta = 9.0
        static let cutOff = 0.97
        /// Floats in the filter bank. An odd ratio that would need more gets the nearest of fewer phases.
        static let maxBankFloats = 1 << 17
    }

    /// The filters, and where the next output's first tap lies in `input`. Taps are a multiple of 8.
    private var position: sillon_resampling
    private let bank: FloatBuffer
    /// Input not yet used up; `fill` of it is valid.
    private let input: FloatBuffer
    private var fill: Int
    private let centre: Int

    /// Input samples taken at once.
    static let maxChunk = 4096

    init(inputRate: Int) {
        let common = Self.greatestCommonDivisor(inputRate, Self.outputRate)
        let denominator = Self.outputRate / common
        let factor = min(1, Double(Self.outputRate) / Double(inputRate) * Design.cutOff)
        let length = Int((Design.zeroCrossings / factor).rounded(.up))
        let taps = (length + 7) / 8 * 8
        let phases = min(denominator, max(1, Design.maxBankFloats / taps))
        position = sillon_resampling(
            taps: taps, phases: phases, whole: (inputRate / common) / denominator,
            numerator: (inputRate / common) % denominator, denominator: denominator, next: 0, fraction: 0)
        centre = (length - 1) / 2
        bank = FloatBuffer(
            (0..<phases).flatMap { phase in
                Self.filter(offset: Double(phase) / Double(phases), length: length, factor: factor, padded: taps)
            })
        input = FloatBuffer(taps * 2 + Self.maxChunk)
        fill = centre
    }

    /// Takes up to `maxChunk` samples and calls `emit` with what comes out.
    func add(
        _ samples: UnsafePointer<Float>, _ count: Int, into output: UnsafeMutablePointer<Float>
    ) -> Int {
        precondition(count <= Self.maxChunk, "a chunk is larger than the resampler's buffer")
        (input.base + fill).update(from: samples, count: count)
        fill += count
        let produced = sillon_resample(&position, input.base, fill, bank.base, output)
        dropUsed()
        return produced
    }

    /// Floats that `add` may write for `count` samples.
    func outputBound(_ count: Int) -> Int {
        let denominator = Double(position.denominator)
        let ratio = denominator / (Double(position.whole) * denominator + Double(position.numerator))
        return Int((Double(count + position.taps) * ratio).rounded(.up)) + 2
    }

    /// The last samples, as if silence followed; the next begin anew.
    func finish(into output: UnsafeMutablePointer<Float>) -> Int {
        let silence = FloatBuffer(position.taps)
        let produced = add(silence.base, min(position.taps - centre - 1, Self.maxChunk), into: output)
        (position.next, position.fraction, fill) = (0, 0, centre)
        input.base.update(repeating: 0, count: centre)
        return produced
    }

    private func dropUsed() {
        let used = min(position.next, fill)
        guard used > 0 else { return }
        memmove(input.base, input.base + used, (fill - used) * MemoryLayout<Float>.stride)
        fill -= used
        position.next -= used
    }

    private static func filter(offset: Double, length: Int, factor: Double, padded: Int) -> [Float] {
        let centre = (length - 1) / 2
        var taps = (0..<length).map { index -> Double in
            let x = Double.pi * (Double(index - centre) - offset) * factor
            let w = 2 * x / (factor * Double(length) * Double.pi)
            let sinc = x == 0 ? 1 : sin(x) / x
            return sinc * bessel(Design.kaiserBeta * max(0, 1 - w * w).squareRoot())
        }
        let sum = taps.reduce(0, +)
        for index in taps.indices { taps[index] /= sum }
        return taps.map { Float($0) } + [Float](repeating: 0, count: padded - length)
    }

    private static let inverseSquares = (1...40).map { 1 / Double($0 * $0) }

    /// Modified Bessel function of the first kind, order 0.
    private static func bessel(_ x: Double) -> Double {
        var (sum, term, k) = (1.0, 1.0, 0)
        while term > sum * 1e-12, k < inverseSquares.count {
            term *= 0.25 * x * x * inverseSquares[k]
            sum += term
            k += 1
        }
        return sum
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
