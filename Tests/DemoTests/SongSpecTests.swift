import Testing

@testable import Demo

@Suite struct SongSpecTests {
    private func spec(_ timbre: Timbre, seed: UInt64 = 3) -> SongSpec {
        SongSpec(bpm: 120, key: MusicalKey(9, .minor), timbre: timbre, drums: .rock, seconds: 4, peakDb: -3, seed: seed)
    }

    @Test("The same spec gives the same samples, another seed others", arguments: Timbre.allCases)
    func deterministic(timbre: Timbre) {
        let first = spec(timbre).samples()
        #expect(first.left == spec(timbre).samples().left)
        #expect(first.left != spec(timbre, seed: 4).samples().left)
    }

    @Test(
        "A mix is finite, has the length and the peak that were asked for, and ends in silence",
        arguments: Timbre.allCases)
    func wellFormed(timbre: Timbre) {
        let mix = spec(timbre).samples()
        #expect(mix.count == 4 * SongSpec.sampleRate)
        #expect(mix.left.allSatisfy { $0.isFinite } && mix.right.allSatisfy { $0.isFinite })
        #expect(abs(mix.peak - 0.7079) < 0.001)
        #expect(abs(mix.left[mix.count - 1]) < 0.001)
    }

    @Test("Drums fall on the beat of the tempo")
    func beats() {
        let arrangement = Arrangement(
            spec: SongSpec(bpm: 90, key: MusicalKey(0, .major), timbre: .organ, drums: .club, seconds: 12))
        let kicks = arrangement.hits.filter { $0.drum == .kick }.map(\.start)
        for (index, start) in kicks.enumerated() { #expect(abs(start - Double(index) * 60 / 90) < 1e-9) }
        #expect(kicks.count == 20)
    }

    @Test("Every note belongs to the key", arguments: [MusicalKey.Mode.major, .minor], 0..<12)
    func notesInKey(mode: MusicalKey.Mode, tonic: Int) {
        let key = MusicalKey(tonic, mode)
        let scale = Set((0..<7).map { key.pitch(degree: $0, octave: 4) % 12 })
        for timbre in Timbre.allCases {
            let notes = Arrangement(spec: SongSpec(bpm: 100, key: key, timbre: timbre, seconds: 40)).notes
            #expect(!notes.isEmpty && notes.allSatisfy { scale.contains($0.pitch % 12) })
        }
    }

    @Test("Keys are named as people write them")
    func keyNames() {
        #expect(MusicalKey(6, .minor).name == "F# minor")
        #expect(MusicalKey(6, .minor).shortName == "F#m")
        #expect(MusicalKey(-1, .major).name == "B major")
        // The same list stands in the test of the analysis.
        let spelled = (0..<12).map { MusicalKey($0, .major).shortName }
        #expect(spelled == ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"])
        #expect(MusicalKey(0, .major).pitch(degree: 0, octave: 4) == 60)
        #expect(MusicalKey(0, .major).pitch(degree: -1, octave: 4) == 59)
    }
}
