import Domain
import Foundation

/// A path from the command line, byte for byte.
enum PathArgument {
    /// The absolute path without symbolic links, `.` and `..`. Throws `misconfigured` when nothing is there.
    static func canonical(_ text: String) throws(CommandError) -> FilePath {
        let bytes = rawBytes(of: text)
        guard
            let resolved = (bytes + [0]).withUnsafeBytes({ buffer in
                realpath(buffer.bindMemory(to: CChar.self).baseAddress!, nil)
            })
        else {
            throw .misconfigured("\(text): \(SystemMessage.last)")
        }
        defer { free(resolved) }
        return FilePath(bytes: Array(UnsafeRawBufferPointer(start: resolved, count: strlen(resolved))))
    }

    /// As `canonical`, and it must be a folder that can be read.
    static func folder(_ text: String) throws(CommandError) -> FilePath {
        let path = try canonical(text)
        guard FolderCheck.isDirectory(path) else { throw .misconfigured("\(text) is not a folder") }
        return path
    }

    /// Swift's arguments are repaired to UTF-8; the bytes that were given are found by that text.
    private static func rawBytes(of text: String) -> [UInt8] {
        guard text.unicodeScalars.contains("\u{FFFD}") else { return Array(text.utf8) }
        for argument in UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)) {
            guard let argument else { continue }
            let bytes = Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
            if String(decoding: bytes, as: UTF8.self) == text { return bytes }
        }
        return Array(text.utf8)
    }
}
