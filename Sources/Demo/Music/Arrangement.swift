/// One note to be played by a voice.
struct Note: Hashable, Sendable {
    enum Part: Hashable, Sendable { case bass, chord, melody }
    let part: Part
    /// Seconds from the start of the piece.
    let start: Double
    let seconds: Double
    /// MIDI number, 60 is middle C.
    let pitch: Int
    /// 0…1.
    let velocity: Float
}

struct Hit: Hashable, Sendable {
    enum Drum: Hashable, Sendable, CaseIterable { case kick, snare, hat }
    let drum: Drum
    let start: Double
    let velocity: Float
}

/// The score of a song: one chord for each bar of four beats, a bass, a melody made of a repeated motif, drums.
struct Arrangement: Sendable {
    private(set) var notes: [Note] = []
    private(set) var hits: [Hit] = []

    private let spec: SongSpec
    private let beat: Double
    private let bars: Int
    private var random: SeededRandom

    init(spec: SongSpec) {
        self.spec = spec
        beat = spec.beatSeconds
        bars = max(1, Int((spec.seconds / (4 * spec.beatSeconds)).rounded(.up)))
        random = SeededRandom(seed: spec.seed &* 2_654_435_761 &+ 17)
        let progression = random.pick(spec.key.mode == .major ? Self.majorProgressions : Self.minorProgressions)
        let motif = makeMotif()
        for bar in 0..<bars {
            // The last bar comes home.
            let degree = bar == bars - 1 ? 0 : progression[bar % progression.count]
            let start = Double(bar) * 4 * beat
            addBass(degree: degree, at: start)
            addChord(degree: degree, at: start)
            if bar % 8 >= 2 { addMelody(motif, degree: degree, secondHalf: bar % 2 == 1, at: start) }
            addDrums(at: start, fill: bar % 4 == 3)
        }
    }

    private static let majorProgressions = [[0, 4, 5, 3], [0, 5, 3, 4], [0, 3, 0, 4], [0, 5, 1, 4]]
    private static let minorProgressions = [[0, 5, 2, 6], [0, 3, 5, 4], [0, 6, 5, 6], [0, 3, 0, 4]]

    private mutating func addBass(degree: Int, at start: Double) {
        let low = spec.key.pitch(degree: degree > 3 ? degree - 7 : degree, octave: 2)
        let pattern: [(beat: Double, length: Double)] =
            switch spec.timbre {
            case .pads: [(0, 4)]
            case .bells, .strings: [(0, 2), (2, 2)]
            case .organ, .keys: [(0, 1.5), (1.5, 0.5), (2, 2)]
            case .synth: (0..<8).map { (Double($0) / 2, 0.45) }
            }
        for (index, step) in pattern.enumerated() {
            add(.bass, low, at: start + step.beat * beat, beats: step.length, velocity: index == 0 ? 0.9 : 0.7)
        }
    }

    private mutating func addChord(degree: Int, at start: Double) {
        let pitches = MusicalKey.triad(on: degree > 3 ? degree - 7 : degree).map {
            spec.key.pitch(degree: $0, octave: 4)
        }
        switch spec.timbre {
        case .pads:
            for pitch in pitches { add(.chord, pitch, at: start, beats: 4.2, velocity: 0.6) }
        case .organ, .keys:
            for (offset, length) in [(0.0, 1.4), (1.5, 0.9), (2.5, 1.4)] {
                for pitch in pitches { add(.chord, pitch, at: start + offset * beat, beats: length, velocity: 0.55) }
            }
        case .strings, .bells, .synth:
            let order = [0, 1, 2, 1, 3, 2, 1, 2]
            for (step, index) in order.enumerated() {
                let pitch = index == 3 ? pitches[0] + 12 : pitches[index]
                let accent: Float = step % 4 == 0 ? 0.75 : 0.55
                add(.chord, pitch, at: start + Double(step) / 2 * beat, beats: 1.2, velocity: accent)
            }
        }
    }

    /// Two bars of (beat, length, step above the chord's root).
    private typealias Motif = [(beat: Double, length: Double, step: Int)]

    private mutating func makeMotif() -> Motif {
        var motif: Motif = []
        var step = random.pick([0, 2, 4])
        var position = 0.0
        while position < 8 {
            let length = random.pick([0.5, 0.5, 1, 1, 1.5, 2])
            if !random.chance(0.2) { motif.append((position, length * 0.95, step)) }
            step = min(max(step + random.pick([-2, -1, -1, 1, 1, 2]), -2), 7)
            position += length
        }
        return motif
    }

    private mutating func addMelody(_ motif: Motif, degree: Int, secondHalf: Bool, at start: Double) {
        let range = secondHalf ? 4.0..<8.0 : 0.0..<4.0
        for note in motif where range.contains(note.beat) {
            // On the beat a melody note belongs to the chord, so it moves to the next chord tone.
            let onBeat = note.beat.truncatingRemainder(dividingBy: 1) == 0
            let step = onBeat ? note.step / 2 * 2 : note.step
            let pitch = spec.key.pitch(degree: (degree > 3 ? degree - 7 : degree) + step, octave: 5)
            add(.melody, pitch, at: start + (note.beat - range.lowerBound) * beat, beats: note.length, velocity: 0.7)
        }
    }

    private mutating func addDrums(at start: Double, fill: Bool) {
        switch spec.drums {
        case .none: return
        case .brushes:
            hit(.kick, 0, start, 0.4)
            for eighth in 0..<8 { hit(.hat, Double(eighth) / 2, start, eighth % 2 == 0 ? 0.4 : 0.2) }
        case .rock:
            for position in [0, 2, 2.5] { hit(.kick, position, start, 0.9) }
            for position in [1.0, 3] { hit(.snare, position, start, 0.8) }
            for eighth in 0..<8 { hit(.hat, Double(eighth) / 2, start, 0.5) }
            if fill { for step in [3.25, 3.5, 3.75] { hit(.snare, step, start, 0.55) } }
        case .club:
            for position in 0..<4 { hit(.kick, Double(position), start, 1) }
            for position in 0..<4 { hit(.hat, Double(position) + 0.5, start, 0.6) }
            for position in [1.0, 3] { hit(.snare, position, start, 0.5) }
        }
    }

    private mutating func add(_ part: Note.Part, _ pitch: Int, at start: Double, beats: Double, velocity: Float) {
        // A player is never exact: up to ±15 % in strength, drawn from the seed.
        let touch = 1 + random.noise() * 0.15
        notes.append(
            Note(part: part, start: start, seconds: beats * beat, pitch: pitch, velocity: velocity * touch))
    }

    private mutating func hit(_ drum: Hit.Drum, _ position: Double, _ start: Double, _ velocity: Float) {
        hits.append(Hit(drum: drum, start: start + position * beat, velocity: velocity * (1 + random.noise() * 0.1)))
    }
}
