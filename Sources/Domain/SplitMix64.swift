/// Random numbers that are the same from the same seed, everywhere and for ever (Steele, Lea and Flood, 2014).
package struct SplitMix64: RandomNumberGenerator, Sendable {
    @usableFromInline var state: UInt64

    @inlinable package init(seed: UInt64) {
        state = seed
    }

    @inlinable package mutating func next() -> UInt64 {
        state &+= Self.golden
        return Self.mixed(state)
    }

    @usableFromInline package static let golden: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The last steps alone. Every number leads to another one.
    @inlinable package static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
