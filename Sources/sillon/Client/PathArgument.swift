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

    /// As `canonical`, but a path where nothing is (any more) is only made absolute: the server may know it as a
    /// library root whose disk is away, and says so.
    static func scope(_ text: String) throws(CommandError) -> FilePath {
        let bytes = rawBytes(of: text)
        var status: Int32 = 0
        (bytes + [0]).withUnsafeBytes { status = access($0.bindMemory(to: CChar.self).baseAddress!, F_OK) }
        guard status != 0 && errno == ENOENT else { return try folder(text) }
        let start =
            bytes.first == FilePath.slash
            ? FilePath("/") : FilePath(FileManager.default.currentDirectoryPath)
        return bytes.split(separator: FilePath.slash).reduce(start) { path, component in
            switch Array(component) {
            case Array(".".utf8): path
            case Array("..".utf8): path.parent
            default: path.appending(Array(component))
            }
        }
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
