import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct HostileAudioTests {
    private static func reason(_ body: () throws -> Void) -> Failure.Reason? {
        do {
            try body()
            return nil
        } catch let failure as Failure {
            return failure.reason
        } catch {
            return nil
        }
    }

    @Test(
        "A playlist that calls itself music is refused, and the file that it names is not read",
        arguments: ["list.ogg", "list.mp3", "list.flac", "list.m3u8"])
    func playlists(name: String) throws {
        let workshop = try AudioWorkshop()
        try workshop.encode(Signal.clicks(bpm: 100, seconds: 4), "secret.mp3")
        let secret = workshop.path("secret.mp3")
        let hls = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n\(secret)\n#EXT-X-ENDLIST\n"
        let concat = "ffconcat version 1.0\nfile '\(secret)'\n"
        for text in [hls, concat] {
            let path = try workshop.write(Data(text.utf8), name)
            #expect(Self.reason { _ = try workshop.analyze(path) } == .unsupportedFormat)
            #expect(Self.reason { _ = try workshop.contentKey(path) } == .unsupportedFormat)
        }
        // The list itself is sound: without the whitelists it leads to the other file's audio.
        try workshop.write(Data(hls.utf8), "sound.m3u8")
        try workshop.ffmpeg(["-i", "sound.m3u8", "-f", "null", "-"])
    }

    @Test("A picture that calls itself music is refused", arguments: ["png", "jpg", "gif", "bmp", "tiff", "webp"])
    func pictures(type: String) throws {
        let workshop = try AudioWorkshop()
        try workshop.ffmpeg(["-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", "picture.\(type)"])
        let path = try workshop.write(workshop.read("picture.\(type)"), "picture.mp3")
        #expect(Self.reason { _ = try workshop.analyze(path) } == .unsupportedFormat)
    }

    @Test("A film without sound is refused")
    func film() throws {
        let workshop = try AudioWorkshop()
        try workshop.ffmpeg(["-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "mpeg4", "film.mp4"])
        let path = try workshop.write(workshop.read("film.mp4"), "film.m4a")
        #expect(Self.reason { _ = try workshop.analyze(path) } == .unsupportedFormat)
    }

    @Test("Empty files, text and noise end in a stated failure", arguments: ["a.mp3", "a.flac", "a.wav", "a.m4a"])
    func notAudio(name: String) throws {
        let workshop = try AudioWorkshop()
        let noise = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3) })
        for data in [Data(), Data([0]), Data("Just some text.\n".utf8), noise] {
            let reason = Self.reason { _ = try workshop.analyze(workshop.write(data, name)) }
            #expect(reason == .unsupportedFormat || reason == .corruptFile)
        }
    }

    @Test("Damage anywhere in a file ends in an analysis or a stated failure", arguments: DecodeTests.formats)
    func mutations(format: DecodeTests.Format) throws {
        let workshop = try AudioWorkshop()
        try workshop.encode(Signal.clicks(bpm: 120, seconds: 3.5), format.name, format.options)
        let whole = try workshop.read(format.name)
        var state: UInt64 = 7
        let random = { (limit: Int) -> Int in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, limit)
        }
        for round in 0..<12 {
            var data = whole
            // Half of the damage goes into the first kilobyte, where the numbers are that others rely on.
            for _ in 0..<(1 + random(20)) {
                data[random(round.isMultiple(of: 2) ? min(1024, data.count) : data.count)] = UInt8(random(256))
            }
            if round % 3 == 0 { data = data.prefix(1 + random(data.count)) }
            let path = try workshop.write(data, "damaged-\(format.name)")
            do {
                let analysis = try workshop.analyze(path)
                #expect(analysis.features?.allSatisfy(\.isFinite) ?? true)
                #expect(analysis.durationMs >= 0)
                #expect(analysis.loudnessLufs?.isFinite ?? true)
            } catch let failure as Failure {
                #expect([.unsupportedFormat, .corruptFile].contains(failure.reason), "\(failure)")
            }
        }
    }

    @Test("A WAV header that lies about its length does not change what is measured")
    func lyingDuration() throws {
        let workshop = try AudioWorkshop()
        var data = Signal.clicks(bpm: 120, seconds: 5).wav
        for size in [[0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], [0, 0, 0, 0]] as [[UInt8]] {
            data.replaceSubrange(40..<44, with: size)
            let analysis = try workshop.analyze(workshop.write(data, "a.wav"))
            #expect(abs(analysis.durationMs - 5000) < 5)
            #expect(analysis.status == .complete)
            #expect(analysis.features != nil)
        }
    }

    @Test("A closed descriptor is an error of the system, not of the file")
    func closedDescriptor() {
        #expect(Self.reason { _ = try AudioAnalyzer().analyze(fd: -1) } == .ioError)
    }
}
