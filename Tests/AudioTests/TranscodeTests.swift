import Domain
import Foundation
import TestSupport
import Testing
import UseCases

@testable import Audio

/// Real files through real children, judged by ffmpeg.
@Suite(.timeLimit(.minutes(3))) struct TranscodeTests {
    @Test(
        "Every kind of file becomes every format, as long and as loud as it was and at the pitch it had",
        arguments: [("tone.flac", TranscodeFormat.mp3), ("tone.mp3", .opus), ("tone.ogg", .aac), ("tone.m4a", .mp3)])
    func formats(name: String, format: TranscodeFormat) async throws {
        let lab = try MediaLab()
        let file = try lab.tone(name, ["-ac", "2"], seconds: 4)
        let labels = TranscodeJob.Labels(title: "Tïtle", artist: "\0Artist", album: String(repeating: "é", count: 9999))
        let bytes = try await encoded(file, TranscodeProfile(format: format, kbps: 128), labels: labels)
        try lab.write("out.\(format.suffix)", bytes)
        let (before, after) = (try Heard(lab, name), try Heard(lab, "out.\(format.suffix)"))
        // ADTS has no place for what an encoder puts in front, nor MP3 of unknown length for what it puts behind.
        #expect(abs(after.seconds - 4) < (format == .opus ? 0.001 : 0.06), "\(after.seconds)")
        #expect(abs(after.hertz - 440) < 1, "\(after.hertz)")
        #expect(abs(after.decibels - before.decibels) < 0.5, "\(after.decibels) after \(before.decibels)")
        let facts = try lab.probe("out.\(format.suffix)")
        #expect(facts.contains("codec_name=\(format.rawValue)") && facts.contains("channels=2"))
        #expect(facts.contains("sample_rate=\(format == .opus ? 48000 : 44100)"), "\(facts)")
        if format != .aac { #expect(facts.contains("title=Tïtle") && facts.contains("artist=Artist")) }
    }

    @Test("Odd rates and channels become what players take", arguments: TranscodeFormat.allCases)
    func oddities(format: TranscodeFormat) async throws {
        let lab = try MediaLab()
        for (name, arguments, channels) in [
            ("high.wav", ["-ar", "96000", "-ac", "2"], 2), ("low.wav", ["-ar", "8000", "-ac", "1"], 1),
            ("surround.flac", ["-ar", "44100", "-ac", "6"], 2),
        ] {
            let bytes = try await encoded(
                try lab.tone(name, arguments, seconds: 2), TranscodeProfile(format: format, kbps: format.defaultKbps))
            try lab.write("out.\(format.suffix)", bytes)
            let heard = try Heard(lab, "out.\(format.suffix)")
            #expect(abs(heard.hertz - 440) < 2 && abs(heard.seconds - 2) < 0.15, "\(name): \(heard)")
            let expected = name == "surround.flac" && format == .flac ? 6 : channels
            #expect(try lab.probe("out.\(format.suffix)").contains("channels=\(expected)"))
        }
    }

    /// Speakers as a WAV file names them, by bit: front left 0, front right 1, centre 2, bass 3, back left 4, back right 5,
    /// back centre 8, side left 9, side right 10.
    @Test(
        "What is in one channel is heard on its own side, by the layout that the file tells",
        arguments: [
            ([0, 1, 2], 2, true, true), ([0, 1, 4, 5], 4, true, false), ([0, 1, 4, 5], 5, false, true),
            ([0, 1, 2, 8], 8, true, true), ([0, 1, 2, 9, 10], 10, false, true),
            ([0, 1, 2, 3, 4, 5, 8], 4, true, false),
            ([0, 1, 2, 3, 4, 5, 8], 8, true, true), ([0, 1, 2, 3, 8, 9, 10], 9, true, false),
            ([0, 1, 2, 3, 4, 5, 9, 10], 5, false, true), ([0, 1, 2, 3, 4, 5], 3, false, false),
        ])
    func surround(speakers: [Int], speaker: Int, left: Bool, right: Bool) async throws {
        let lab = try MediaLab()
        let wav = try lab.tone("tone.wav", from: speaker, of: speakers)
        for file in [wav, try lab.converted("tone.wav", to: "tone.flac")] {
            try lab.write("out.opus", try await encoded(file, TranscodeProfile(format: .opus, kbps: 256)))
            for (side, isHeard) in [("FL", left), ("FR", right)] {
                let decibels = try Heard(lab, "out.opus", of: side).decibels
                #expect(isHeard ? decibels > -40 : decibels < -60, "\(file.path), \(side): \(decibels)")
            }
        }
    }

    @Test(
        "A time offset is kept to the sample, whatever the container",
        arguments: ["a.wav", "a.flac", "a.mp3", "a.ogg", "a.m4a", "a.opus", "a.wv"])
    func offsets(name: String) async throws {
        let lab = try MediaLab()
        let noise = try lab.noise("noise.wav", seconds: 8)
        let file = try lab.converted("noise.wav", to: name)
        for fromMs in [100, 5123] {
            let bytes = try await encoded(file, TranscodeProfile(format: .opus, kbps: 256, fromMs: fromMs))
            try lab.write("out.opus", bytes)
            let heard = try Heard(lab, "out.opus").samples
            let place = (fromMs * 44100 + 500) / 1000
            // What ffmpeg's AAC encoder put behind is not told by its file.
            let behind = name == "a.m4a" ? 1100 : 64
            #expect(abs(heard.count - (noise.count - place)) <= behind, "\(name) from \(fromMs): \(heard.count)")
            #expect(abs(lag(of: heard, in: noise, around: place)) <= 1, "\(name) from \(fromMs)")
        }
    }

    @Test("FLAC in Ogg begins where it should up to its end")
    func lastPages() async throws {
        let lab = try MediaLab()
        let noise = try lab.noise("noise.wav", seconds: 120)
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-i", lab.url("noise.wav").path, "-c:a", "flac", lab.url("a.oga").path])
        for fromMs in [60_000, 116_000, 118_500, 118_800, 119_100, 119_600, 119_900] {
            let profile = TranscodeProfile(format: .opus, kbps: 256, fromMs: fromMs)
            try lab.write("out.opus", try await encoded(lab.file("a.oga"), profile))
            let heard = try Heard(lab, "out.opus").samples
            #expect(abs(heard.count - (noise.count - fromMs * 441 / 10)) <= 64, "from \(fromMs): \(heard.count)")
        }
    }

    @Test("No encoding takes more than the rate that was asked for", arguments: [TranscodeFormat.opus, .aac, .mp3])
    func rates(format: TranscodeFormat) async throws {
        let lab = try MediaLab()
        // Steady tones are what Opus spends most on when nothing holds it.
        let tones = [220, 277, 331, 440, 554, 659].map { "0.12*sin(2*PI*\($0)*t)" }.joined(separator: "+")
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "aevalsrc=\(tones)|\(tones):s=48000:d=30"]
                + [lab.url("tones.wav").path])
        try lab.noise("noise.wav", seconds: 30)
        for name in ["tones.wav", "noise.wav"] {
            for kbps in [32, 64, 96, 128, 256] {
                let bytes = try await encoded(lab.file(name), TranscodeProfile(format: format, kbps: kbps)).count
                let rate = Double(bytes) * 8 / 30_000
                #expect(rate <= Double(kbps) * 1.005, "\(name) as \(format) at \(kbps): \(rate)")
            }
        }
    }

    @Test("A child that dies before it gave anything gets one more try, and no third one")
    func secondTry() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("tone.flac")
        let script = """
            #!/bin/sh
            for round in ROUNDS; do
                if mkdir "\(lab.root.display)/$round" 2>/dev/null; then kill -9 $$; fi
            done
            exec \(SillonExecutable.path) "$@"

            """
        for (rounds, isHeard) in [("one", true), ("two three", false)] {
            let path = lab.url("host-\(isHeard)").path
            try lab.write("host-\(isHeard)", Array(script.replacing("ROUNDS", with: rounds).utf8))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            var settings = MediaLab.settings()
            settings.executable = path
            let job = TranscodeJob(file: file, profile: TranscodeProfile(format: .mp3, kbps: 128))
            let pool = TranscodePool(settings)
            if isHeard {
                #expect(try await encoded(job, pool).count > 1000)
            } else {
                let failure = await failureOf { try await pool.begin(job) }
                #expect(failure?.reason == .parserCrash && failure?.message.contains("SIGKILL") == true)
            }
        }
    }

    @Test("A stretch ends where it should")
    func stretch() async throws {
        let lab = try MediaLab()
        let noise = try lab.noise("noise.wav", seconds: 6)
        var job = TranscodeJob(
            file: lab.file("noise.wav"), profile: TranscodeProfile(format: .opus, kbps: 256, fromMs: 500))
        job.stretch = Stretch(beginUs: 1_500_000, endUs: 3_500_000)
        try lab.write("out.opus", try await encoded(job))
        let heard = try Heard(lab, "out.opus").samples
        #expect(abs(heard.count - 66150) <= 2, "\(heard.count)")
        #expect(abs(lag(of: heard, in: noise, around: 88200)) <= 1)
    }

    @Test("No constant encoding is longer than was promised", arguments: [TranscodeFormat.mp3, .opus])
    func promised(format: TranscodeFormat) async throws {
        let lab = try MediaLab()
        try lab.noise("noise.wav", seconds: 20)
        let labels = TranscodeJob.Labels(
            title: String(repeating: "x", count: 9999), artist: String(repeating: "é", count: 999),
            album: String(repeating: "a", count: 999))
        for kbps in [32, 96, 320] {
            let profile = TranscodeProfile(format: format, kbps: kbps, isConstant: true)
            let count = try await encoded(lab.file("noise.wav"), profile, labels: labels).count
            let promised = try #require(profile.bytesMax(durationMs: 20_000))
            #expect(
                count <= promised && Double(promised) < Double(count) * 1.2 + 12_000, "\(kbps): \(count) \(promised)")
        }
    }

    @Test("What cannot be decoded, is not there, or lies outside is told before anything is sent")
    func refused() async throws {
        let lab = try MediaLab()
        let tone = try lab.tone("tone.mp3")
        let pool = TranscodePool(MediaLab.settings())
        let profile = TranscodeProfile(format: .mp3, kbps: 128)
        let cases: [(MediaFile, TranscodeProfile, Failure.Reason)] = [
            (try lab.write("text.mp3", Array("This is not music.\n".utf8)), profile, .corruptFile),
            (try lab.write("empty.flac", []), profile, .corruptFile),
            (lab.file("nowhere.mp3"), profile, .fileGone),
            (MediaFile(path: FilePath("/etc/passwd"), root: lab.root), profile, .outsideRoot),
            (tone, TranscodeProfile(format: .mp3, kbps: 128, fromMs: 5000), .corruptFile),
        ]
        for (file, profile, reason) in cases {
            let failure = await failureOf { try await pool.begin(TranscodeJob(file: file, profile: profile)) }
            #expect(failure?.reason == reason, "\(file.path.display): \(String(describing: failure))")
            #expect(failure?.message.contains(file.path.display) == true)
            try await until("the place is free") { pool.count == 0 }
        }
    }

    @Test("A file that breaks off is played as far as it goes")
    func truncated() async throws {
        let lab = try MediaLab()
        try lab.noise("noise.wav", seconds: 10)
        try lab.converted("noise.wav", to: "whole.flac")
        let whole = try lab.read("whole.flac")
        let file = try lab.write("half.flac", Array(whole.prefix(whole.count / 2)))
        try lab.write("out.mp3", try await encoded(file, TranscodeProfile(format: .mp3, kbps: 128)))
        #expect(abs(try Heard(lab, "out.mp3").seconds - 5) < 0.5)
    }

    @Test("More than may run are refused, and a listener who goes away makes room")
    func cap() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("long.flac", seconds: 300)
        let processes = HostProcesses { $0.transcodeSlots = 2 }
        let pool = TranscodePool(processes.settings)
        let job = TranscodeJob(file: file, profile: TranscodeProfile(format: .mp3, kbps: 320))
        var first: (any TranscodedAudio)? = try await pool.begin(job)
        let second = try await pool.begin(job)
        await #expect(throws: TranscodersBusy.self) { try await pool.begin(job) }
        #expect(processes.pids.count == 2)
        // A child waits while nobody takes what it has: it does not encode on, nor end.
        _ = try await first?.next()
        try await Task.sleep(for: .milliseconds(300))
        #expect(processes.pids.count == 2)
        withExtendedLifetime(first) {}
        first = nil
        #expect(try await processes.reach(count: 1))
        second.stop()
        #expect(try await processes.reach(count: 0))
        await #expect(throws: (any Error).self) { while try await !second.next().isEmpty {} }
        try await until("all places are free") { pool.count == 0 }
        #expect(try await encoded(job, pool).count > 11_000_000)
        pool.shutdown()
        await #expect(throws: TranscodersBusy.self) { try await pool.begin(job) }
    }

    @Test("Who has no encoding gets one of the account that has all, and never its last")
    func shares() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("long.flac", seconds: 300)
        let processes = HostProcesses { $0.transcodeSlots = 3 }
        let pool = TranscodePool(processes.settings)
        func begin(_ account: Int64) async throws -> any TranscodedAudio {
            try await pool.begin(
                TranscodeJob(file: file, profile: TranscodeProfile(format: .mp3, kbps: 320), accountID: account))
        }
        let greedy = [try await begin(1), try await begin(1), try await begin(1)]
        let busy = await #expect(throws: TranscodersBusy.self) { try await begin(1) }
        #expect(busy?.retryAfterSeconds ?? 0 >= 1, "who has most waits")
        let other = try await begin(2)
        #expect(try await !other.next().isEmpty)
        #expect(try await processes.reach(count: 3))
        var left = 0
        for audio in greedy {
            // What was read before it was stopped comes once more.
            do { if try await !audio.next().isEmpty, try await !audio.next().isEmpty { left += 1 } } catch {}
        }
        #expect(left == 2)
        // They have two and one now.
        await #expect(throws: TranscodersBusy.self) { try await begin(2) }
        try await until("a third one gets in") {
            do { return try await !begin(3).next().isEmpty } catch is TranscodersBusy { return false }
        }
        #expect(try await !other.next().isEmpty, "who has one keeps it")
        pool.shutdown()
    }

    @Test("A listener who takes nothing makes room for others after a while")
    func silence() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("long.flac", seconds: 300)
        let processes = HostProcesses {
            $0.transcodeSlots = 1
            $0.transcodeIdleMax = .milliseconds(200)
        }
        let pool = TranscodePool(processes.settings)
        let job = TranscodeJob(file: file, profile: TranscodeProfile(format: .mp3, kbps: 320))
        let silent = try await pool.begin(job)
        try await Task.sleep(for: .milliseconds(400))
        let busy = await #expect(throws: TranscodersBusy.self) { try await pool.begin(job) }
        #expect(busy?.retryAfterSeconds == 1)
        try await until("its place is free") { pool.count == 0 }
        let next = try await pool.begin(job)
        #expect(try await !next.next().isEmpty)
        await #expect(throws: (any Error).self) { while try await !silent.next().isEmpty {} }
        next.stop()
    }

    @Test("A child that is killed cuts its own answer off, and no other")
    func killed() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("long.flac", seconds: 300)
        let (doomed, other) = (HostProcesses(), HostProcesses())
        let (pool, otherPool) = (TranscodePool(doomed.settings), TranscodePool(other.settings))
        let job = TranscodeJob(file: file, profile: TranscodeProfile(format: .mp3, kbps: 320))
        let audio = try await pool.begin(job)
        let neighbour = try await otherPool.begin(job)
        _ = try await audio.next()
        doomed.signal(SIGKILL)
        let failure = await failureOf { while try await !audio.next().isEmpty {} }
        #expect(failure?.reason == .parserCrash && failure?.message.contains("SIGKILL") == true)
        var count = 0
        while case let bytes = try await neighbour.next(), !bytes.isEmpty { count += bytes.count }
        #expect(count > 11_000_000)
    }

    @Test("A child that does not go on is given up, and one that is confined can do no more than the others")
    func stuck() async throws {
        let lab = try MediaLab()
        let file = try lab.tone("long.flac", seconds: 300)
        let processes = HostProcesses { $0.wallSeconds.transcode = 1 }
        let pool = TranscodePool(processes.settings)
        let audio = try await pool.begin(
            TranscodeJob(file: file, profile: TranscodeProfile(format: .aac, kbps: 320)))
        let child = try #require(processes.pids.first)
        let status = processes.text(child, "status")
        #expect(status.contains("\nNoNewPrivs:\t1\n") && status.contains("\nSeccomp:\t2\n"))
        #expect(processes.text(child, "limits").contains("Max file size             0 "))
        #expect(processes.text(child, "stat").split(separator: " ")[18] == "0", "somebody waits for it")
        processes.signal(SIGSTOP)
        let failure = await failureOf { while try await !audio.next().isEmpty {} }
        #expect(failure?.reason == .parserTimeout)
        #expect(try await processes.isGone(child))
    }

    private func encoded(
        _ file: MediaFile, _ profile: TranscodeProfile, labels: TranscodeJob.Labels = .init()
    ) async throws -> [UInt8] {
        try await encoded(TranscodeJob(file: file, profile: profile, labels: labels))
    }

    private func encoded(
        _ job: TranscodeJob, _ pool: TranscodePool = TranscodePool(MediaLab.settings())
    ) async throws -> [UInt8] {
        let audio = try await pool.begin(job)
        var all: [UInt8] = []
        while case let bytes = try await audio.next(), !bytes.isEmpty { all += bytes }
        return all
    }

    /// How many samples later than expected these begin.
    private func lag(of heard: [Float], in all: [Float], around place: Int) -> Int {
        let (length, reach) = (8192, 64)
        func likeness(_ lag: Int) -> Float {
            (0..<length).reduce(0) { sum, index in
                let there = place + lag + index + reach
                return sum + (all.indices.contains(there) ? heard[index + reach] * all[there] : 0)
            }
        }
        return (-reach...reach).max { likeness($0) < likeness($1) } ?? .max
    }
}

/// What ffmpeg makes of a file: one channel at 44,100 Hz.
private struct Heard {
    let samples: [Float]

    /// - Parameter channel: Heard alone; nil mixes them.
    init(_ lab: MediaLab, _ name: String, of channel: String? = nil) throws {
        try lab.decode(name, to: name + ".f32", channel.map { ["-af", "pan=mono|c0=\($0)"] } ?? [])
        samples = try lab.read(name + ".f32").withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    var seconds: Double { Double(samples.count) / 44100 }
    /// Of the middle half, where no edge is.
    private var middle: ArraySlice<Float> { samples[(samples.count / 4)..<(samples.count * 3 / 4)] }

    /// Of a tone, from its zero crossings.
    var hertz: Double {
        let crossings = zip(middle, middle.dropFirst()).count { $0 < 0 && $1 >= 0 }
        return Double(crossings) / Double(middle.count) * 44100
    }

    var decibels: Double {
        10 * log10(max(1e-12, middle.reduce(0) { $0 + Double($1 * $1) } / Double(max(1, middle.count))))
    }
}

extension MediaLab {
    fileprivate func probe(_ name: String) throws -> String {
        try Tool.run("ffprobe", ["-v", "error", "-show_format", "-show_streams", url(name).path])
            .replacing("TAG:", with: "")
    }

    fileprivate func decode(_ name: String, to raw: String, _ filter: [String]) throws {
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-i", url(name).path] + filter
                + ["-f", "f32le", "-ac", "1", "-ar", "44100", url(raw).path])
    }

    @discardableResult
    fileprivate func converted(_ name: String, to other: String) throws -> MediaFile {
        let codec = other.hasSuffix(".ogg") ? ["-c:a", "libvorbis", "-q:a", "8"] : ["-b:a", "256k"]
        try Tool.run(
            "ffmpeg", ["-nostdin", "-v", "error", "-y", "-i", url(name).path] + codec + [url(other).path])
        return file(other)
    }

    /// Two seconds for one speaker, and silence for the others, in a file that names them all.
    fileprivate func tone(_ name: String, from speaker: Int, of speakers: [Int]) throws -> MediaFile {
        let (rate, frames) = (44100, 88200)
        func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: number.littleEndian) { Array($0) }
        }
        let channels = UInt16(speakers.count)
        let samples = (0..<frames).flatMap { frame in
            speakers.flatMap { other in
                bytes(other == speaker ? Int16(8000 * sin(Double(frame) * 2 * .pi * 440 / Double(rate))) : 0)
            }
        }
        let mask = speakers.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
        // WAVE_FORMAT_EXTENSIBLE with 16 bits of PCM.
        var format = bytes(UInt16(0xFFFE)) + bytes(channels) + bytes(UInt32(rate))
        format += bytes(UInt32(rate) * UInt32(channels) * 2) + bytes(channels * 2) + bytes(UInt16(16))
        format += bytes(UInt16(22)) + bytes(UInt16(16)) + bytes(mask)
        format += [1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        let chunks =
            Array("WAVEfmt ".utf8) + bytes(UInt32(format.count)) + format + Array("data".utf8)
            + bytes(UInt32(samples.count)) + samples
        try write(name, Array("RIFF".utf8) + bytes(UInt32(chunks.count)) + chunks)
        return file(name)
    }

    /// Noise of two equal channels at 44,100 Hz, the same each time; answers one of them.
    @discardableResult
    fileprivate func noise(_ name: String, seconds: Int) throws -> [Float] {
        var generator = SplitMix64(seed: 7)
        let raw = (0..<(seconds * 44100)).map { _ in Float.random(in: -0.3...0.3, using: &generator) }
        try write("noise.raw", raw.withUnsafeBytes { Array($0) })
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-f", "f32le", "-ar", "44100", "-ac", "1", "-i", url("noise.raw").path]
                + ["-af", "pan=stereo|c0=c0|c1=c0", url(name).path])
        return raw
    }
}
