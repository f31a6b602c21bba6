/// What a piece of music is, exactly: the truth that tests and benchmarks compare measurements with.
package struct SongSpec: Hashable, Sendable {
    /// Beats per minute, 40…240.
    package var bpm: Double
    package var key: MusicalKey
    package var timbre: Timbre
    package var drums: DrumStyle
    package var seconds: Double
    /// Peak of the finished mix, in dBFS.
    package var peakDb: Double
    package var seed: UInt64

    package init(
        bpm: Double, key: MusicalKey, timbre: Timbre, drums: DrumStyle = .none, seconds: Double = 30,
        peakDb: Double = -1, seed: UInt64 = 1
    ) {
        self.bpm = min(max(bpm, 40), 240)
        self.key = key
        self.timbre = timbre
        self.drums = drums
        self.seconds = min(max(seconds, 1), SongSpec.maxSeconds)
        self.peakDb = min(peakDb, 0)
        self.seed = seed
    }

    package static let sampleRate = 44_100
    /// A longer piece is cut: the mix is held in memory.
    package static let maxSeconds: Double = 600

    package var beatSeconds: Double { 60 / bpm }

    /// The finished stereo mix at 44.1 kHz; the same spec gives the same samples.
    package func samples() -> StereoSamples {
        Mixer(spec: self).mix(Arrangement(spec: self))
    }
}
