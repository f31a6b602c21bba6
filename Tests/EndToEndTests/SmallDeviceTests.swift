import Contracts
import TestSupport
import Testing

/// A device of 512 MB, as a control group makes one of this machine.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct SmallDeviceTests {
    private static let mebibytes = 512
    /// Of a song of six seconds: half an hour.
    private static let repeats = 300
    private static let longSeconds = 1800

    @Test("A scan with analysis of every kind of file, long ones too, stays alive and far below 512 MB")
    func scan() async throws {
        guard let group = MemoryGroup(mebibytes: Self.mebibytes) else { return }
        let library = try await Library()
        let song = try library.song("Amble")
        try library.tree.write(
            "Long/" + song.fileName, Array(repeatElement(song.audio, count: Self.repeats).joined()))
        // Its table of packets lies in memory as a whole.
        try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "anoisesrc=d=\(Self.longSeconds):a=0.1", "-ac", "2", "-c:a", "aac",
                library.lab.music + "/Long/noise.m4a",
            ])
        let server = try await ServerProcess.start(
            library.lab, .up, music: [library.lab.music], wrapper: group.wrapper)
        var peakBytes = 0
        let scan = try await until("the scan ends", .seconds(300), every: .milliseconds(100)) {
            peakBytes = max(peakBytes, group.heldBytes)
            return try await server.api.list("/v1/scans").first { $0["state"]?.text == "finished" }
        }
        #expect(scan.progress("vectorized") == library.songs.count + 2)
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)
        #expect(group.kills == 0)
        // An empty group would be under every limit.
        #expect((20..<256).contains(peakBytes >> 20), "\(peakBytes) bytes")
        let doctor = try await library.lab.run(["doctor", "--json"], wrapper: group.wrapper)
        #expect(doctor.output.contains("\(Self.mebibytes << 20)"), "\(doctor.output)")
        #expect(try await server.stop() == .code(0))
    }
}
