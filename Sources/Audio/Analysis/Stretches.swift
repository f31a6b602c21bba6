/// The stretches that a series of frames consists of; what lies beside a seam was not heard one after the other.
struct Stretches {
    /// Behind the last frame of each finished stretch.
    private var ends: [Int] = []

    /// Of a series of `count` frames; one range when there is no seam.
    func ranges(_ count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for end in ends + [count] where end > start {
            ranges.append(start..<end)
            start = end
        }
        return ranges.isEmpty ? [0..<count] : ranges
    }

    /// The next frame does not follow frame `count` − 1.
    mutating func close(at count: Int) {
        if count > ends.last ?? 0 { ends.append(count) }
    }

    /// Forgets every second stretch; a series without a seam is cut into stretches of `length` first. Returns the frames
    /// that stay, as they were counted before.
    mutating func thin(_ count: Int, length: Int) -> [Range<Int>] {
        let all =
            ends.isEmpty
            ? stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) } : ranges(count)
        let kept = stride(from: 0, to: all.count, by: 2).map { all[$0] }
        let goesOn = (ends.last ?? 0) < count && kept.last?.upperBound == count
        ends = []
        for range in kept { ends.append((ends.last ?? 0) + range.count) }
        // What is heard next belongs to the last one.
        if goesOn { ends.removeLast() }
        return kept
    }
}

extension Array {
    /// Moves the rows of these ranges to the front and drops the others; a row has `width` elements.
    mutating func keep(rows ranges: [Range<Int>], width: Int = 1) {
        var end = 0
        for range in ranges {
            for index in range.lowerBound * width..<range.upperBound * width {
                self[end] = self[index]
                end += 1
            }
        }
        removeLast(count - end)
    }
}
