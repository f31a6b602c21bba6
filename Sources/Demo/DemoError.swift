/// Why the demo library or the corpus could not be made.
package enum DemoError: Error, Hashable, CustomStringConvertible {
    case ffmpegMissing
    case encoderFailed(file: String, message: String)
    case fileProblem(path: String, message: String)

    package var description: String {
        switch self {
        case .ffmpegMissing:
            "the ffmpeg command is needed to encode the demo music, and it is not on the PATH (apt-get install ffmpeg)"
        case .encoderFailed(let file, let message): "ffmpeg could not encode \(file): \(message)"
        case .fileProblem(let path, let message): "\(path): \(message)"
        }
    }
}
