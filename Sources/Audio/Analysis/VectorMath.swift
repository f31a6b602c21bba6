import CAudio

/// Kernels over contiguous floats, eight at a time; LLVM lowers them to SSE or NEON.
enum VectorMath {
    typealias Lanes = SIMD8<Float>

    /// Natural logarithm of `scale × x + offset`, for finite positive arguments; relative error under 1e-6.
    ///
    /// x = m × 2^e with m in √½…√2; ln m = 2 artanh((m − 1) / (m + 1)) as a power series.
    static func log(
        _ input: UnsafePointer<Float>, _ count: Int, scale: Float = 1, offset: Float,
        into output: UnsafeMutablePointer<Float>
    ) {
        let source = UnsafeRawPointer(input)
        let target = UnsafeMutableRawPointer(output)
        var i = 0
        while i &+ 8 <= count {
            let x = source.loadUnaligned(fromByteOffset: i &* 4, as: Lanes.self)
            target.storeBytes(of: log(x * scale + offset), toByteOffset: i &* 4, as: Lanes.self)
            i &+= 8
        }
        if i < count {
            var rest = Lanes(repeating: 1)
            for k in i..<count { rest[k &- i] = input[k] * scale + offset }
            let result = log(rest)
            for k in i..<count { output[k] = result[k &- i] }
        }
    }

    /// Sum of ln(x² + offset), and sum of x², over `count` values.
    static func powerSums(
        _ input: UnsafePointer<Float>, _ count: Int, offset: Float
    ) -> (logs: Float, powers: Float) {
        let source = UnsafeRawPointer(input)
        var logs = Lanes.zero
        var powers = Lanes.zero
        var i = 0
        while i &+ 8 <= count {
            let x = source.loadUnaligned(fromByteOffset: i &* 4, as: Lanes.self)
            let power = x * x
            powers += power
            logs += log(power + offset)
            i &+= 8
        }
        var tail = Lanes(repeating: 1)
        for k in i..<count {
            powers[0] += input[k] * input[k]
            tail[k &- i] = input[k] * input[k] + offset
        }
        if i < count { logs += log(tail) }
        return (total(logs), total(powers))
    }

    /// Sums of ((a + b) / 2)² and ((a − b) / 2)².
    static func midSideEnergies(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int
    ) -> (mid: Float, side: Float) {
        let (left, right) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
        var (mid, side) = (Lanes.zero, Lanes.zero)
        var i = 0
        while i &+ 8 <= count {
            let x = left.loadUnaligned(fromByteOffset: i &* 4, as: Lanes.self)
            let y = right.loadUnaligned(fromByteOffset: i &* 4, as: Lanes.self)
            mid += (x + y) * (x + y)
            side += (x - y) * (x - y)
            i &+= 8
        }
        while i < count {
            mid[0] += (a[i] + b[i]) * (a[i] + b[i])
            side[0] += (a[i] - b[i]) * (a[i] - b[i])
            i &+= 1
        }
        return (total(mid) / 4, total(side) / 4)
    }

    static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        sillon_dot(a, b, count)
    }

    @inline(__always)
    private static func total(_ x: Lanes) -> Float {
        let four = x.lowHalf + x.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }

    @inline(__always)
    private static func log(_ x: Lanes) -> Lanes {
        let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
        // 0x3f3504f3 is √½: taking it away first puts the mantissa into √½…√2.
        let exponent: SIMD8<Int32> = (bits &- 0x3f35_04f3) &>> 23
        let mantissa = unsafeBitCast(bits &- (exponent &<< 23), to: Lanes.self)
        let one = Lanes(repeating: 1)
        let f: Lanes = (mantissa - one) / (mantissa + one)
        let g: Lanes = f * f
        var series = Lanes(repeating: 2.0 / 9)
        series = series * g + Lanes(repeating: 2.0 / 7)
        series = series * g + Lanes(repeating: 2.0 / 5)
        series = series * g + Lanes(repeating: 2.0 / 3)
        series = series * g + Lanes(repeating: 2)
        return Lanes(exponent) * Lanes(repeating: 0.693_147_18) + f * series
    }
}
