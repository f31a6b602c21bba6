import Domain
import Foundation

/// A path from the command line, byte for byte.
enum PathArgument {
    /// The absolute path without symbolic links, `.` and `..`. Throws when nothing is there.
    static func canonical(_ text: String) throws(CommandError) -> FilePath {
        guard let path = FolderCheck.realPath(rawBytes(of: text)) else {
            throw .failed("\(text): \(SystemMessage.last)")
        }
        return path
    }

    /// As `canonical`, and a folder; where nothing is (any more), the server may know a library root whose disk is
    /// away, and says so.
    static func scope(_ text: String) throws(CommandError) -> FilePath {
        let bytes = rawBytes(of: text)
        return isAbsent(bytes) ? absolute(bytes) : try folder(text)
    }

    /// As `canonical`, but a path where nothing is (any more) is only made absolute: the library may know it.
    static func known(_ text: String) throws(CommandError) -> FilePath {
        let bytes = rawBytes(of: text)
        return isAbsent(bytes) ? absolute(bytes) : try canonical(text)
    }

    static func exists(_ text: String) -> Bool { !isAbsent(rawBytes(of: text)) }

    private static func isAbsent(_ bytes: [UInt8]) -> Bool {
        var status: Int32 = 0
        (bytes + [0]).withUnsafeBytes { status = access($0.bindMemory(to: CChar.self).baseAddress!, F_OK) }
        return status != 0 && [ENOENT, ENOTDIR].contains(errno)
    }

    private static func absolute(_ bytes: [UInt8]) -> FilePath {
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
        guard FolderCheck.isDirectory(path) else { throw .failed("\(text) is not a folder that can be read") }
        return path
    }

    /// Swift's arguments are repaired to UTF-8; the bytes that were given are found by that text.
    static func rawBytes(of text: String) -> [UInt8] {
        guard text.unicodeScalars.contains("\u{FFFD}") else { return Array(text.utf8) }
        for argument in UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)) {
            guard let argument else { continue }
            let bytes = Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
            if String(decoding: bytes, as: UTF8.self) == text { return bytes }
        }
        return Array(text.utf8)
    }
}
