import CAudio
import CMediaHost
import CTagLib
import Domain
import Foundation
import UseCases

/// What a media host is like on this machine, for `sillon doctor`.
package enum MediaHostCheck {
    package enum Sandbox: Equatable, Sendable {
        case active
        /// It reads files, but without the system call filter.
        case open
        /// It does not start, or does not answer.
        case dead(String)
    }

    /// `TagLib 1.13, libav 5.1.9-0+deb12u1`.
    package static var libraries: String {
        "TagLib \(String(cString: sillon_taglib_version())), libav \(String(cString: sillon_libav_version()))"
    }

    /// What may be opened at all, and made, by the libraries that are loaded.
    package struct Allowed: Hashable, Sendable {
        package var formats: Int
        package var decoders: Int
        /// Allowed, but not in these libraries.
        package var missing: [String]
        package var encoders: [String]
    }

    package static func allowed() -> Allowed {
        let formats = String(cString: sillon_allowed_formats()).split(separator: ",").map(String.init)
        let decoders = String(cString: sillon_allowed_decoders()).split(separator: ",").map(String.init)
        let missing =
            formats.filter { sillon_has_format($0) == 0 } + decoders.filter { sillon_has_decoder($0) == 0 }
        let encoders: [(String, sillon_encoding)] = [
            ("MP3", SILLON_ENCODE_MP3), ("Opus", SILLON_ENCODE_OPUS), ("AAC", SILLON_ENCODE_AAC),
            ("FLAC", SILLON_ENCODE_FLAC),
        ]
        return Allowed(
            formats: formats.count, decoders: decoders.count, missing: missing,
            encoders: encoders.filter { sillon_has_encoder(Int32($0.1.rawValue)) != 0 }.map(\.0))
    }

    /// How long a child may take to start and answer.
    private static let answerMs: Int32 = 10_000

    /// Starts a child, has it look for a file that is not there, and looks at what the kernel holds it to.
    package static func sandbox(_ settings: MediaHostSettings = MediaHostSettings()) -> Sandbox {
        let child: ChildProcess
        do {
            child = try ChildProcess(
                executable: settings.executable, duty: .tags, memoryBytes: settings.tagMemoryBytes,
                analysis: settings.analysis)
        } catch {
            return .dead("it cannot be started: " + String(cString: strerror(error.number)))
        }
        let root = FilePath("/")
        var question: [UInt8] = []
        HostRequest(kind: .tags, file: MediaFile(path: root, root: root)).encode(into: &question)
        guard send(child.socket, question, question.count, Int32(MSG_NOSIGNAL)) == question.count, hears(child) else {
            return .dead("it does not answer")
        }
        return child.isConfined ? .active : .open
    }

    private static func hears(_ child: ChildProcess) -> Bool {
        var polled = pollfd(fd: child.socket, events: Int16(POLLIN), revents: 0)
        var input = FrameBuffer(bytesMax: HostAnswerFrame.bytesMax)
        return poll(&polled, 1, answerMs) == 1 && input.read(from: child.socket) > 0
    }
}

extension ChildProcess {
    /// The kernel holds it to a system call filter, and it can gain no privilege.
    var isConfined: Bool {
        // Without /proc, or when it is gone, nothing is known and nothing is promised.
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""  // see above
        return status.contains("\nSeccomp:\t2\n") && status.contains("\nNoNewPrivs:\t1\n")
    }
}
