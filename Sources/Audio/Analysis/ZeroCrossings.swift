/// How often the mono stream changes its sign: high for noise and cymbals, twice the frequency for a pure tone.
struct ZeroCrossings {
    private(set) var count = 0
    private(set) var samples = 0
    private var last: UInt32 = 0

    mutating func add(_ input: UnsafePointer<Float>, _ count: Int) {
        guard count > 0 else { return }
        var changes = samples > 0 ? (last ^ input[0].bitPattern) &>> 31 : 0
        for index in 1..<count { changes &+= (input[index].bitPattern ^ input[index &- 1].bitPattern) &>> 31 }
        self.count += Int(changes)
        samples += count
        last = input[count - 1].bitPattern
    }

    /// Nil when there was no sample.
    var perSecond: Double? {
        samples > 0 ? Double(count) / Double(samples) * Double(Resampler.outputRate) : nil
    }
}
