/// Sums of products in single precision, in a fixed order: the same inputs give the same bits.
enum DotProduct {
    /// - Parameter count: A multiple of 16.
    static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
        var (even, odd) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
        var offset = 0
        while offset < count &* 4 {
            even +=
                left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                * right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            odd +=
                left.loadUnaligned(fromByteOffset: offset &+ 32, as: SIMD8<Float>.self)
                * right.loadUnaligned(fromByteOffset: offset &+ 32, as: SIMD8<Float>.self)
            offset &+= 64
        }
        let eight = even + odd
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }
}
