import Foundation

/// Plays an arrangement: voices, drums, a little room, a fade at the end, and the wanted peak.
struct Mixer {
    let spec: SongSpec

    func mix(_ arrangement: Arrangement) -> StereoSamples {
        let count = Int(spec.seconds * Double(SongSpec.sampleRate))
        var mix = StereoSamples(count: count)
        var random = SeededRandom(seed: spec.seed)
        let voice = Voice(timbre: spec.timbre)
        for note in arrangement.notes where note.start < spec.seconds {
            let sound = voice.render(note, random: &random)
            let (gain, pan) = Self.place(note)
            mix.add(sound, at: sampleIndex(note.start), gain: gain * note.velocity, pan: pan)
        }
        addRoom(to: &mix)
        // The drums stay dry: an onset that is smeared is no onset.
        let kit = DrumKit(seed: spec.seed)
        for hit in arrangement.hits where hit.start < spec.seconds {
            let (gain, pan) = Self.place(hit.drum)
            mix.add(kit.sound(hit.drum), at: sampleIndex(hit.start), gain: gain * hit.velocity, pan: pan)
        }
        finish(&mix)
        return mix
    }

    private func sampleIndex(_ seconds: Double) -> Int {
        Int((seconds * Double(SongSpec.sampleRate)).rounded())
    }

    private static func place(_ note: Note) -> (gain: Float, pan: Float) {
        switch note.part {
        case .bass: (0.5, 0)
        // Low notes left, high notes right, as at a piano.
        case .chord: (0.28, min(max(Float(note.pitch - 64) / 30, -0.6), 0.6))
        case .melody: (0.4, 0.15)
        }
    }

    private static func place(_ drum: Hit.Drum) -> (gain: Float, pan: Float) {
        switch drum {
        case .kick: (0.85, 0)
        case .snare: (0.5, -0.1)
        case .hat: (0.35, 0.35)
        }
    }

    private func addRoom(to mix: inout StereoSamples) {
        let wet: Float = spec.timbre == .pads || spec.timbre == .bells ? 0.3 : 0.14
        var left = Reverb(spread: 0)
        var right = Reverb(spread: 23)
        for index in 0..<mix.count {
            let send = (mix.left[index] + mix.right[index]) * 0.5
            mix.left[index] += wet * left.next(send)
            mix.right[index] += wet * right.next(send)
        }
    }

    /// Seconds over which the end fades out.
    private static let fadeSeconds = 1.5

    private func finish(_ mix: inout StereoSamples) {
        let fade = min(mix.count, Int(Self.fadeSeconds * Double(SongSpec.sampleRate)))
        for index in (mix.count - fade)..<mix.count {
            let level = Float(mix.count - index) / Float(max(fade, 1))
            mix.left[index] *= level
            mix.right[index] *= level
        }
        let peak = mix.peak
        guard peak > 0 else { return }
        let gain = Float(pow(10, spec.peakDb / 20)) / peak
        for index in 0..<mix.count {
            mix.left[index] *= gain
            mix.right[index] *= gain
        }
    }
}
