/// From blocks of any rate and layout to mono at 22,050 Hz.
final class MonoStream {
    private var resampler: Resampler?
    private var sampleRate = 0
    private let mixed = FloatBuffer(Resampler.maxChunk)
    private var output = FloatBuffer(0)

    /// Calls `emit` with runs of at most `maxRun` samples.
    func add(_ block: AudioBlock, _ emit: (UnsafePointer<Float>, Int) -> Void) {
        if block.sampleRate != sampleRate {
            finish(emit)
            start(block.sampleRate)
        }
        let weights = block.downmixWeights
        var done = 0
        while done < block.frameCount {
            let count = min(Resampler.maxChunk, block.frameCount - done)
            mix(block, weights, from: done, count)
            done += count
            if let resampler {
                let produced = resampler.add(mixed.base, count, into: output.base)
                emitRuns(output.base, produced, emit)
            } else {
                emitRuns(mixed.base, count, emit)
            }
        }
    }

    /// What the resampler still holds; what is added later begins anew.
    func finish(_ emit: (UnsafePointer<Float>, Int) -> Void) {
        guard let resampler else { return }
        emitRuns(output.base, resampler.finish(into: output.base), emit)
    }

    static let maxRun = 4096

    private func start(_ rate: Int) {
        sampleRate = rate
        resampler = nil
        guard rate != Resampler.outputRate else { return }
        let resampler = Resampler(inputRate: rate)
        output = FloatBuffer(resampler.outputBound(Resampler.maxChunk))
        self.resampler = resampler
    }

    private func mix(_ block: AudioBlock, _ weights: [Float], from start: Int, _ count: Int) {
        let target = mixed.base
        let (first, weight) = (block.plane(0) + start, weights[0])
        if block.channelCount == 2 {
            let (second, other) = (block.plane(1) + start, weights[1])
            for i in 0..<count { target[i] = first[i] * weight + second[i] * other }
            return
        }
        for i in 0..<count { target[i] = first[i] * weight }
        for channel in 1..<max(1, block.channelCount) {
            let (plane, weight) = (block.plane(channel) + start, weights[channel])
            for i in 0..<count { target[i] += plane[i] * weight }
        }
    }

    private func emitRuns(
        _ samples: UnsafePointer<Float>, _ count: Int, _ emit: (UnsafePointer<Float>, Int) -> Void
    ) {
        var done = 0
        while done < count {
            let run = min(Self.maxRun, count - done)
            emit(samples + done, run)
            done += run
        }
    }
}
