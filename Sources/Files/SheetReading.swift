import CFiles
import Domain
import Glibc

/// Reads a CUE sheet in an open folder.
enum SheetReading {
    /// In one folder; the others are left out.
    static let sheetsMax = 200

    static func read(_ name: [UInt8], in folder: Int32) -> Result<CueSheet, CueSheet.Problem> {
        let path = name.map { CChar(bitPattern: $0) } + [0]
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        let number = openat(folder, path, flags)
        guard number >= 0 else { return unreadable(errno) }
        let file = Descriptor(number)
        do {
            guard try file.facts().isRegular else { return .failure(CueSheet.Problem("it is no regular file")) }
        } catch {
            return unreadable(error.number)
        }
        // One byte more than a sheet may have tells that it has too many.
        var bytes: [UInt8] = []
        var failed: Int32 = 0
        bytes = [UInt8](unsafeUninitializedCapacity: CueSheet.maxBytes + 1) { buffer, filled in
            while filled < buffer.count {
                let count = Glibc.read(file.number, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
                if count < 0, errno == EINTR { continue }
                if count < 0 { failed = errno }
                guard count > 0 else { return }
                filled += count
            }
        }
        guard failed == 0 else { return unreadable(failed) }
        return Result { () throws(CueSheet.Problem) in try CueSheet(bytes) }
    }

    private static func unreadable(_ number: Int32) -> Result<CueSheet, CueSheet.Problem> {
        .failure(CueSheet.Problem("it cannot be read: \(SystemError(number: number).text)"))
    }
}
