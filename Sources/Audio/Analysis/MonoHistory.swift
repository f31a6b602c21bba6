/// The last samples of the mono 22,050 Hz stream: as many as the longest spectrum still needs.
final class MonoHistory {
    private let buffer: FloatBuffer
    private var fill = 0
    /// Index in the stream of the first sample held.
    private(set) var start = 0

    init(capacity: Int) {
        buffer = FloatBuffer(capacity)
    }

    var end: Int { start + fill }

    func append(_ samples: UnsafePointer<Float>, _ count: Int) {
        precondition(fill + count <= buffer.count, "the mono history is full")
        (buffer.base + fill).update(from: samples, count: count)
        fill += count
    }

    func pointer(at index: Int) -> UnsafePointer<Float> {
        UnsafePointer(buffer.base + (index - start))
    }

    /// Samples before `index` are no longer needed.
    func drop(before index: Int) {
        let gone = min(max(0, index - start), fill)
        guard gone > 0 else { return }
        // Forward, so overlapping is safe.
        for i in 0..<(fill - gone) { buffer.base[i] = buffer.base[i + gone] }
        fill -= gone
        start += gone
    }
}
