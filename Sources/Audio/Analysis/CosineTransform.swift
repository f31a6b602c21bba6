import Foundation

/// Discrete cosine transform, type II, orthonormal: the first `outputs` coefficients of `inputs` values.
struct CosineTransform {
    private let rows: [[Double]]

    init(inputs: Int, outputs: Int) {
        rows = (0..<outputs).map { k in
            let scale = (k == 0 ? 1.0 : 2.0) / Double(inputs)
            return (0..<inputs).map { n in
                scale.squareRoot() * cos(Double.pi * Double(k) * (Double(n) + 0.5) / Double(inputs))
            }
        }
    }

    func apply(_ values: [Double]) -> [Double] {
        rows.map { row in zip(row, values).reduce(0) { $0 + $1.0 * $1.1 } }
    }
}
