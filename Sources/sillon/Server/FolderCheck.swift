import Domain
import Foundation
import Glibc

/// Whether a folder is there and may be read.
enum FolderCheck {
    /// Symbolic links are not followed.
    static func isDirectory(_ path: FilePath) -> Bool {
        let descriptor = (path.bytes + [0]).withUnsafeBytes { buffer in
            open(buffer.bindMemory(to: CChar.self).baseAddress!, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
