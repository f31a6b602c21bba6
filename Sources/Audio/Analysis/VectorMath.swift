import CAudio

/// Kernels over contiguous floats.
enum VectorMath {
    /// Natural logarithm of `scale × x + offset`, for finite positive arguments; relative error under 1e-6.
    static func log(
        _ input: UnsafePointer<Float>, _ count: Int, scale: Float = 1, offset: Float,
        into output: UnsafeMutablePointer<Float>
    ) {
        sillon_log(input, count, scale, offset, output)
    }

    /// Sum of ln(x² + offset), and sum of x², over `count` values.
    static func powerSums(
        _ input: UnsafePointer<Float>, _ count: Int, offset: Float
    ) -> (logs: Float, powers: Float) {
        var (logs, powers): (Float, Float) = (0, 0)
        sillon_power_sums(input, count, offset, &logs, &powers)
        return (logs, powers)
    }

    /// Sums of ((a + b) / 2)² and ((a − b) / 2)².
    static func midSideEnergies(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
    ) -> (mid: Float, side: Float) {
        var (mid, side): (Float, Float) = (0, 0)
        sillon_mid_side(a, b, count, &mid, &side)
        return (mid, side)
    }

    static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        sillon_dot(a, b, count)
    }
}
