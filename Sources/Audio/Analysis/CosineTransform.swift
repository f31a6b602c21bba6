import Foundation

/// Discrete cosine transform, type II, orthonormal: the first `outputs` coefficients of `inputs` values.
struct CosineTransform {
    private let outputs: Int
    /// What each input adds to each output, all outputs of an input side by side.
    private let weights: [Double]

    init(inputs: Int, outputs: Int) {
        self.outputs = outputs
        weights = (0..<inputs).flatMap { n in
            (0..<outputs).map { k in
                let scale = (k == 0 ? 1.0 : 2.0) / Double(inputs)
                return scale.squareRoot() * cos(Double.pi * Double(k) * (Double(n) + 0.5) / Double(inputs))
            }
        }
    }

    func apply(_ values: [Double]) -> [Double] {
        precondition(values.count * outputs == weights.count, "the transform is of another length")
        var sums = [Double](repeating: 0, count: outputs)
        weights.withUnsafeBufferPointer { weights in
            sums.withUnsafeMutableBufferPointer { sums in
                for (n, value) in values.enumerated() {
                    for k in 0..<outputs { sums[k] += weights[n &* outputs &+ k] * value }
                }
            }
        }
        return sums
    }
}
