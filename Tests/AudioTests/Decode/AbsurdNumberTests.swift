import Domain
import Foundation
import Testing
import UseCases

@testable import Audio

/// Numbers in headers that no file can mean, and files that are not what they were a moment ago.
@Suite("Absurd numbers and files that change")
struct AbsurdNumberTests {
    private let workshop: AudioWorkshop

    init() throws {
        workshop = try AudioWorkshop()
    }

    /// Nil when it ends in a stated failure of the file.
    private func heard(_ data: Data, _ name: String) throws -> AudioAnalysis? {
        do {
            return try workshop.analyze(workshop.write(data, name))
        } catch let failure as Failure {
            #expect([.unsupportedFormat, .corruptFile].contains(failure.reason), "\(failure)")
            return nil
        }
    }

    @Test("A FLAC header that claims weeks is not believed: what was decoded counts, and the result says so")
    func flacOfWeeks() throws {
        try workshop.encode(Signal.clicks(bpm: 120, seconds: 5), "a.flac")
        var data = try workshop.read("a.flac")
        // STREAMINFO's last 36 bits before the checksum are the number of samples.
        data[21] |= 0x0f
        data.replaceSubrange(22..<26, with: [0xff, 0xff, 0xff, 0xff])
        let analysis = try #require(try heard(data, "years.flac"))
        #expect(analysis.status == .truncated)
        #expect(abs(analysis.durationMs - 5000) < 5)
    }

    @Test(
        "A WAV header of an impossible rate, layout or sample size ends in a result or a stated reason",
        arguments: [22..<24, 24..<28, 28..<32, 32..<34, 34..<36],
        [[0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [1, 0, 0, 0], [0, 0, 0, 0x80]] as [[UInt8]])
    func wavHeaders(field: Range<Int>, value: [UInt8]) throws {
        var data = Signal.sine(440, seconds: 4, rate: 44_100, channels: 2).wav
        data.replaceSubrange(field, with: value.prefix(field.count))
        guard let analysis = try heard(data, "a.wav") else { return }
        #expect(analysis.durationMs >= 0 && analysis.sampleRate > 0 && (1...8).contains(analysis.channels))
    }

    @Test("An MP4 that claims to last for years lasts as long as what it holds")
    func mp4OfYears() throws {
        try workshop.encode(Signal.clicks(bpm: 120, seconds: 5), "a.m4a", ["-c:a", "aac"])
        var data = try workshop.read("a.m4a")
        for name in ["mvhd", "tkhd", "mdhd"] {
            let box = try #require(data.range(of: Data(name.utf8)))
            // Version 0: flags, two times, (scale or number,) then the duration.
            let place = box.upperBound + (name == "tkhd" ? 20 : 16)
            data.replaceSubrange(place..<place + 4, with: [0x7f, 0xff, 0xff, 0xff])
        }
        let analysis = try #require(try heard(data, "years.m4a"))
        #expect(abs(analysis.durationMs - 5000) < 100)
        #expect(analysis.features != nil)
    }

    @Test("An encoder's delay that no encoder has is cut off or passed over, and never a negative number")
    func delay() throws {
        try workshop.encode(Signal.clicks(bpm: 120, seconds: 5), "a.mka", ["-c:a", "libopus"])
        let whole = try workshop.read("a.mka")
        let delay = try #require(whole.range(of: Data([0x56, 0xaa])))
        let length = Int(whole[delay.upperBound] & 0x0f)
        for byte in [UInt8(0), 0x7f, 0xff] {
            var data = whole
            let place = delay.upperBound + 1
            data.replaceSubrange(place..<place + length, with: repeatElement(byte, count: length))
            guard let analysis = try heard(data, "delay.mka") else { continue }
            #expect(analysis.details?.edges?.encoderDelaySamples ?? 0 >= 0)
            #expect(analysis.details?.edges?.encoderPaddingSamples ?? 0 >= 0)
        }
    }

    @Test("A file that somebody cuts short while it is read ends in a result or a stated reason")
    func shrinking() async throws {
        let data = Signal.noise(seconds: 20).wav
        let path = try workshop.write(data, "a.wav")
        async let cut: Void = {
            for size in stride(from: data.count, through: 1000, by: -data.count / 50) { truncate(path, off_t(size)) }
        }()
        let ending = Result { try workshop.analyze(path) }
        await cut
        switch ending {
        case .success(let analysis): #expect(analysis.durationMs <= 20_000)
        case .failure(let error): #expect([.corruptFile, .unsupportedFormat].contains((error as? Failure)?.reason))
        }
    }

    @Test("A file that is written while a media host listens is charged with having changed")
    func growing() async throws {
        let lab = try MediaLab()
        let file = try lab.write("a.wav", Array(Signal.noise(seconds: 20).wav))
        let pool = MediaHostPool(MediaLab.settings())
        // A process of its own: a task might wait for a thread until all is read.
        let writer = Process()
        writer.executableURL = URL(filePath: "/bin/sh")
        writer.arguments = ["-c", "while printf x >>\"$0\"; do sleep 0.01; done", lab.url("a.wav").path]
        try writer.run()
        let ending: Failure.Reason?
        do {
            _ = try await pool.analyze(file)
            ending = nil
        } catch {
            ending = (error as? Failure)?.reason
        }
        writer.terminate()
        writer.waitUntilExit()
        #expect(ending == .fileChanged)
        await pool.shutdown()
    }

    @Test("What is silent, constant or a sample long can be drawn, too", arguments: [0, 1, 2, 1000, 44_100, 200_000])
    func sketches(count: Int) throws {
        for value in [Float(0), 0.5, -1] {
            let signal = Signal(rate: 44_100, channels: [[Float](repeating: value, count: count)])
            do {
                let sketch = try workshop.sketch(workshop.write(signal.wav, "a.wav"))
                #expect(sketch.lowest.values.count == sketch.highest.values.count)
                #expect(sketch.lowest.values.allSatisfy { $0 == min(0, value) })
            } catch let failure as Failure {
                #expect(count == 0 && failure.reason == .corruptFile)
            }
        }
    }
}
