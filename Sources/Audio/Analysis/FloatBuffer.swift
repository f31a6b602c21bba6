/// A fixed block of floats in its own memory, zero at first: hot loops read it through a plain pointer.
final class FloatBuffer {
    let base: UnsafeMutablePointer<Float>
    let count: Int

    init(_ count: Int) {
        precondition(count >= 0, "a buffer has no negative length")
        self.count = count
        base = .allocate(capacity: max(1, count))
        base.initialize(repeating: 0, count: max(1, count))
    }

    convenience init(_ values: [Float]) {
        self.init(values.count)
        for (index, value) in values.enumerated() { base[index] = value }
    }

    /// The periodic Hann window.
    static func hann(_ count: Int) -> FloatBuffer {
        let turns = UnitCircle(count)
        return FloatBuffer((0..<count).map { Float(0.5 - 0.5 * turns.cosine($0)) })
    }

    deinit {
        base.deallocate()
    }
}
