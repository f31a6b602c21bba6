import CMediaHost
import Domain
import Files
import Glibc

/// The child's side: reads requests from standard input, one file at a time, and answers in order.
package enum MediaHostChild {
    /// `arguments` follow `media-host`: the duty (`tags`, `audio`, `picture`, `edit` or `transcode`), the memory limit in bytes, and how much of a
    /// piece is listened to.
    package static func run(arguments: [String]) -> Never {
        guard arguments.count == 3, let duty = Duty(rawValue: arguments[0]), let memory = UInt64(arguments[1]),
            let analysis = AnalysisMode(rawValue: arguments[2])
        else { exit(64) }
        var limits = sillon_sandbox_limits(
            memory_bytes_max: memory, open_files_max: openFilesMax,
            file_bytes_max: duty == .edit ? editedBytesMax : 0, is_background: duty == .audio ? 1 : 0)
        guard sillon_sandbox_enter(&limits) == 0 else { exit(70) }
        sillon_release_loaded_pages()
        if duty == .transcode { TranscodeChild.run() }
        var service = HostService(analysis, handed: duty == .edit ? Int32(SILLON_HANDED_DESCRIPTOR) : nil)
        var input = FrameBuffer(bytesMax: HostRequest.bytesMax)
        while input.read(from: STDIN_FILENO) > 0 {
            while let request = input.next({ HostRequest(frame: $0) }) {
                guard let request else { exit(65) }
                guard service.serve(request) else { exit(0) }
            }
            if input.isBroken { exit(65) }
            service.rest()
        }
        exit(0)
    }

    enum Duty: String {
        case tags, audio, picture
        /// Reads and writes one file, through a descriptor that it was handed.
        case edit
        /// Encodes one file that it was handed.
        case transcode
    }

    /// Standard input, output and error, the file, its folders on the way, and what a library opens for a moment.
    private static let openFilesMax: UInt64 = 32
    /// No music file is larger.
    private static let editedBytesMax: UInt64 = 64 << 30
}
