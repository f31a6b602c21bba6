import Domain
import Foundation

/// A folder for one test, removed with the last reference.
final class ScratchFolder: Sendable {
    let path: FilePath

    init() throws {
        let url = URL(filePath: NSTemporaryDirectory()).appending(path: "sillon-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = FilePath(url.path)
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path.display)
        } catch {
            print("the test folder stays behind: \(error)")
        }
    }

    func folder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path.display + "/" + name, withIntermediateDirectories: true)
    }

    /// The name as bytes: Foundation would normalise it.
    func file(_ name: [UInt8], _ content: String = "x") throws {
        let cPath = path.appending(name).bytes.map { CChar(bitPattern: $0) } + [0]
        guard let file = fopen(cPath, "w") else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { fclose(file) }
        fputs(content, file)
    }

    func file(_ name: String, _ content: String = "x") throws {
        try file(Array(name.utf8), content)
    }

    func link(_ name: String, to target: String) throws {
        guard symlink(target, path.display + "/" + name) == 0 else { throw POSIXError(.EIO) }
    }

    func callAsFunction(_ name: String) -> FilePath { path.appending(Array(name.utf8)) }
}
