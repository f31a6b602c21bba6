import Foundation
import Programs

/// The ffmpeg command, used as an encoder only.
package struct FFmpeg: Sendable {
    private let executable: URL

    /// - Parameter searchPath: folders separated by colons, as in PATH.
    package init(searchPath: String) throws(DemoError) {
        let found = searchPath.split(separator: ":").map { URL(fileURLWithPath: String($0) + "/ffmpeg") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        guard let found else { throw .ffmpegMissing }
        executable = found
    }

    /// Encodes one input into `output`, with no metadata and no trace of time or version.
    package func encode(_ input: URL, options: [String], to output: URL) async throws {
        let ffmpeg = Program(
            executable.path,
            ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-i", input.path, "-map_metadata", "-1"]
                + ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-threads", "1"]
                + options + [output.path])
        let end = try await ffmpeg.finish()
        guard end.status == 0 else {
            let line = end.words.split(separator: "\n").last.map(String.init) ?? "exit code \(end.status)"
            throw DemoError.encoderFailed(file: output.lastPathComponent, message: line)
        }
    }
}
