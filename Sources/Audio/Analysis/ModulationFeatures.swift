import Foundation

/// How fast eight groups of mel bands swell and fade (fluctuation patterns, Pampalk et al. 2002): the modulation
/// spectrum of 6 s windows in six ranges of frequency, each as four coefficients of a cosine transform over the groups.
struct ModulationFeatures {
    private static let window = 128
    private static let hop = 64
    private static let groups = 8
    private static let bandsPerGroup = MelBank.bands / groups
    private static let coefficients = 4
    /// Hz.
    private static let edges = [0.3, 0.7, 1.3, 2.3, 4, 6.5, 10.5]

    let values: [Double]

    init(_ logMel: LogMel) {
        let bins = Self.window / 2 + 1
        var spectrum = [[Double]](repeating: Array(repeating: 0, count: bins), count: Self.groups)
        let analysis = WindowAnalysis()
        // A piece shorter than one window is one window with silence behind it.
        let starts =
            logMel.count < Self.window
            ? [0] : Array(stride(from: 0, through: logMel.count - Self.window, by: Self.hop))
        for start in starts {
            for group in 0..<Self.groups {
                let part = Self.group(group, of: logMel, from: start)
                for (bin, value) in analysis.magnitudes(part).enumerated() {
                    spectrum[group][bin] += value / Double(starts.count)
                }
            }
        }
        let transform = CosineTransform(inputs: Self.groups, outputs: Self.coefficients)
        let width = TimbreFrames.framesPerSecond / Double(Self.window)
        values = zip(Self.edges, Self.edges.dropFirst()).flatMap { low, high in
            let range = (0..<bins).filter { Double($0) * width >= low && Double($0) * width < high }
            return transform.apply(
                (0..<Self.groups).map { group in
                    log(Statistics.mean(range.map { spectrum[group][$0] }) + 1e-3)
                })
        }
    }

    private static func group(_ group: Int, of logMel: LogMel, from start: Int) -> [Float] {
        (start..<min(start + window, logMel.count)).map { frame in
            let first = frame * MelBank.bands + group * bandsPerGroup
            return logMel.values[first..<first + bandsPerGroup].reduce(0, +) / Float(bandsPerGroup)
        }
    }

    /// The magnitude spectrum of one window without its mean; Hann window, both ends zero.
    private struct WindowAnalysis {
        private let fft = RealFFT(count: window)
        private let taper = FloatBuffer(
            (0..<window).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(window - 1))) })
        private let input = FloatBuffer(window)
        private let output = FloatBuffer(window)

        func magnitudes(_ values: [Float]) -> [Double] {
            let mean = values.isEmpty ? 0 : values.reduce(0, +) / Float(values.count)
            input.base.update(repeating: 0, count: window)
            for (index, value) in values.enumerated() { input.base[index] = value - mean }
            fft.magnitudes(of: input.base, window: taper.base, scale: 2 / Float(window), into: output.base)
            return (0..<fft.bins).map { Double(output.base[$0]) }
        }
    }
}
