import Domain
import Foundation
import Glibc

/// Whether a folder is there.
enum FolderCheck {
    /// Symbolic links are not followed.
    static func isDirectory(_ path: FilePath) -> Bool {
        var status = stat()
        return (path.bytes + [0]).withUnsafeBytes { buffer in
            lstat(buffer.bindMemory(to: CChar.self).baseAddress!, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }
}
