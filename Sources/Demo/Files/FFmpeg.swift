import Foundation

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
        let messages = output.appendingPathExtension("log")
        defer { try? FileManager.default.removeItem(at: messages) }  // it may never have been made
        try Data().write(to: messages)
        let process = Process()
        process.executableURL = executable
        process.arguments =
            ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-i", input.path, "-map_metadata", "-1"]
            + ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-threads", "1"]
            + options + [output.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: messages)
        let status = try await run(process)
        guard status == 0 else {
            let text = try String(decoding: Data(contentsOf: messages), as: UTF8.self)
            let line = text.split(separator: "\n").last.map(String.init) ?? "exit code \(status)"
            throw DemoError.encoderFailed(file: output.lastPathComponent, message: line)
        }
    }

    /// Waits without holding a thread.
    private func run(_ process: Process) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
    }
}
