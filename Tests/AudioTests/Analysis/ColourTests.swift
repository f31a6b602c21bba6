import Domain
import Foundation
import Testing

@testable import Audio

@Suite("Timbre, tonality and mood")
struct ColourTests {
    private static func tones(_ signal: Signal) -> ToneMeters {
        let (mono, tones) = (MonoStream(), ToneMeters())
        signal.forEachBlock { mono.add($0, tones.add) }
        mono.finish(tones.add)
        return tones
    }

    @Test("A tone's centroid and roll-off are its frequency, and it crosses zero twice a period")
    func tone() throws {
        let tones = Self.tones(Signal.sine(1000, seconds: 5))
        let shape = try #require(tones.spectrum.shape())
        #expect(abs(shape.centroid - 1000) < 15)
        #expect(abs(shape.rolloff - 1000) < 25)
        #expect(abs(try #require(tones.crossings.perSecond) - 2000) < 5)
    }

    @Test("White noise has its centroid in the middle and crosses zero at every second sample")
    func noise() throws {
        let tones = Self.tones(Signal.noise(seconds: 20, rate: Resampler.outputRate))
        let shape = try #require(tones.spectrum.shape())
        #expect(abs(shape.centroid - 11_025 / 2) < 100)
        #expect(abs(shape.rolloff - 0.85 * 11_025) < 100)
        #expect(abs(try #require(tones.crossings.perSecond) - 11_025) < 150)
    }

    @Test("Silence has no centroid")
    func silence() {
        let tones = Self.tones(Signal(rate: 44_100, channels: [[Float](repeating: 0, count: 200_000)]))
        #expect(tones.spectrum.shape() == nil)
        #expect(tones.crossings.perSecond == 0)
    }

    @Test("The runs in which samples come do not change the zero crossings")
    func runs() {
        let samples = Signal.noise(seconds: 0.1).channels[0]
        let count = { (run: Int) -> Int in
            var crossings = ZeroCrossings()
            samples.withUnsafeBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                for start in stride(from: 0, to: samples.count, by: run) {
                    crossings.add(base + start, min(run, samples.count - start))
                }
            }
            return crossings.count
        }
        #expect(count(1) == count(4096) && count(7) == count(4096) && count(1) > 1000)
    }

    @Test("The tonal centroid turns by a fifth for a fifth, and a flat chroma lies in the middle")
    func tonnetz() throws {
        var (one, fifth) = ([Double](repeating: 0, count: 12), [Double](repeating: 0, count: 12))
        (one[0], fifth[7]) = (1, 1)
        let (a, b) = (try #require(Tonnetz.centroid(of: one)), try #require(Tonnetz.centroid(of: fifth)))
        let expected = [0, 1, 0, 1, 0, 0.5]
        #expect(zip(a, expected).allSatisfy { abs($0 - $1) < 1e-12 })
        // On the circle of fifths a fifth is the twelfth part: 30°.
        #expect(abs(a[0] * b[0] + a[1] * b[1] - cos(Double.pi / 6)) < 1e-9)
        let flat = try #require(Tonnetz.centroid(of: [Double](repeating: 0.3, count: 12)))
        #expect(flat.allSatisfy { abs($0) < 1e-9 })
        #expect(Tonnetz.centroid(of: [Double](repeating: 0, count: 12)) == nil)
    }

    private static func words(
        onsets: Double, centroid: Double, rolloff: Double, tempo: Double?, key: String = "C major"
    ) -> AudioDetails.Mood {
        var analysis = AudioAnalysis(
            contentKey: "", version: "", status: .complete, durationMs: 0, sampleRate: 1, channels: 1)
        (analysis.tempoBpm, analysis.key, analysis.keyConfidence) = (tempo, key, 1)
        var details = AudioDetails()
        details.loudness = AudioDetails.Loudness()
        details.loudness?.quietLevelDb = -10
        details.rhythm = AudioDetails.Rhythm()
        details.rhythm?.onsetsPerSecond = onsets
        details.rhythm?.beatDeviation = tempo.map { _ in 0.01 }
        details.rhythm?.beatStrength = tempo.map { _ in 10 }
        details.timbre = AudioDetails.Timbre()
        details.timbre?.centroidHz = centroid
        details.timbre?.rolloffHz = rolloff
        return Mood(analysis, details).words
    }

    @Test("Words follow their formulas, and stay in 0…1")
    func words() throws {
        let house = Self.words(onsets: 7, centroid: 2500, rolloff: 7000, tempo: 118)
        #expect(house.danceable == 1 && house.bright == 1 && house.dark == 0 && house.calm == 0.069)
        #expect(house.energetic == 0.895)
        let drone = Self.words(onsets: 0, centroid: 300, rolloff: 900, tempo: nil, key: "A minor")
        #expect(drone.danceable == 0 && drone.bright == 0 && drone.dark == 1 && drone.calm == 1)
        #expect(drone.energetic == 0.15)
        for onsets in [0.0, 3, 1e9] {
            for centroid in [0.0, 1000, 1e9] {
                let words = Self.words(onsets: onsets, centroid: centroid, rolloff: centroid, tempo: 239)
                for word in [words.calm, words.energetic, words.dark, words.bright, words.danceable] {
                    #expect((0...1).contains(try #require(word)))
                }
            }
        }
        #expect(
            Mood(
                AudioAnalysis(contentKey: "", version: "", status: .silent, durationMs: 0, sampleRate: 1, channels: 1),
                AudioDetails()
            ).words == AudioDetails.Mood())
    }

    @Test("A quieter copy has the same colour and mood")
    func gain() throws {
        let workshop = try AudioWorkshop()
        var music = Signal.chords([[60, 64, 67], [65, 69, 72], [67, 71, 74]], rounds: 5)
        let clicks = Signal.clicks(bpm: 120, seconds: 15)
        music.channels[0] = zip(music.channels[0], clicks.channels[0]).map { $0 + $1 }
        let (loud, quiet) = try (
            workshop.analyze(workshop.write(music.wav, "a.wav")),
            workshop.analyze(workshop.write(music.scaled(0.25).wav, "b.wav"))
        )
        let (a, b) = try (#require(loud.details), #require(quiet.details))
        #expect(abs(try #require(a.timbre?.centroidHz) - #require(b.timbre?.centroidHz)) < 1)
        #expect(a.rhythm?.beats == b.rhythm?.beats)
        for word in [\AudioDetails.Mood.calm, \.energetic, \.dark, \.bright, \.danceable] {
            #expect(abs(try #require(a.mood?[keyPath: word]) - #require(b.mood?[keyPath: word])) < 0.1)
        }
    }
}
