import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct WindowsModeTests {
    private static func music(seconds: Int) -> Signal {
        let round = Signal.chords(
            [[60, 64, 67], [65, 69, 72], [67, 71, 74], [60, 64, 67]], rounds: 3, rate: 22_050)
        let clicks = Signal.clicks(bpm: 120, seconds: 12, rate: 22_050).channels[0]
        let mixed = zip(round.channels[0], clicks).map { $0 + $1 }
        return Signal(rate: 22_050, channels: [(0..<seconds / 12).flatMap { _ in mixed }])
    }

    private static func analysis(_ path: String, _ mode: AnalysisMode) throws -> AudioAnalysis {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }  // It was only read.
        return try AudioAnalyzer(mode).analyze(fd: file.fileDescriptor)
    }

    @Test("Windows change neither loudness nor peaks nor the content key, and hardly the rest; the version tells")
    func agreement() throws {
        let workshop = try AudioWorkshop()
        let path = try workshop.write(Self.music(seconds: 240).wav, "long.wav")
        let (full, windows) = try (Self.analysis(path, .full), Self.analysis(path, .windows))
        #expect(full.version == AudioAnalysis.currentVersion)
        #expect(windows.version == AudioAnalysis.currentVersion + "/windows")
        #expect(full.contentKey == windows.contentKey && full.durationMs == windows.durationMs)
        #expect(full.loudnessLufs == windows.loudnessLufs && full.loudnessRangeLu == windows.loudnessRangeLu)
        #expect(full.samplePeakDb == windows.samplePeakDb && full.truePeakDb == windows.truePeakDb)
        #expect(full.key == windows.key)
        #expect(abs(try #require(full.tempoBpm) - #require(windows.tempoBpm)) < 1)
        let (a, b) = try (#require(full.features), #require(windows.features))
        let differences = zip(a, b).map { abs($0 - $1) / (1 + abs($0)) }
        #expect(differences.reduce(0, +) / Float(differences.count) < 0.02)
        #expect(differences.contains { $0 > 0 })
    }

    /// A file of so many seconds whose header announces four minutes.
    private static func announcingMore(_ seconds: Int, _ workshop: AudioWorkshop) throws -> String {
        var music = Self.music(seconds: 120)
        music.channels[0].removeLast((120 - seconds) * music.rate)
        _ = try workshop.encode(music, "short.flac")
        var flac = try workshop.read("short.flac")
        // The low 32 bits of STREAMINFO's total of samples.
        for byte in 0..<4 { flac[22 + byte] = UInt8(truncatingIfNeeded: (240 * music.rate) >> (24 - 8 * byte)) }
        return try workshop.write(flac, "announcing.flac")
    }

    @Test(
        "A file that announces four minutes and ends after its first window is heard in what there was of windows",
        arguments: [45, 60, 119])
    func endsAfterTheFirstWindow(seconds: Int) throws {
        let workshop = try AudioWorkshop()
        let path = try Self.announcingMore(seconds, workshop)
        let (full, windows) = try (Self.analysis(path, .full), Self.analysis(path, .windows))
        #expect(windows.version == AudioAnalysis.currentVersion + "/windows")
        #expect(full.status == .truncated && windows.status == .truncated)
        #expect(windows.durationMs == seconds * 1000 && windows.loudnessLufs == full.loudnessLufs)
        #expect(windows.key == full.key && windows.features != nil)
        #expect(abs(try #require(full.tempoBpm) - #require(windows.tempoBpm)) < 1)
    }

    @Test("One that ends before half of its first window was heard is heard in full")
    func endsBeforeTheFirstWindow() throws {
        let workshop = try AudioWorkshop()
        let path = try Self.announcingMore(40, workshop)
        #expect(try Self.analysis(path, .windows) == Self.analysis(path, .full))
    }

    @Test("A short piece is analysed in full in either mode")
    func short() throws {
        let workshop = try AudioWorkshop()
        let path = try workshop.write(Self.music(seconds: 36).wav, "short.wav")
        #expect(try Self.analysis(path, .windows) == Self.analysis(path, .full))
    }
}
