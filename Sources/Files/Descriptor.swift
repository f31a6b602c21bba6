import CFiles
import Domain

/// An open file descriptor, closed when it goes out of scope.
struct Descriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        sillon_fd_close(number)
    }

    /// What `fstat` says now. Throws an error number.
    func facts() throws(SystemError) -> (facts: FileFacts, isRegular: Bool) {
        var found = sillon_facts()
        let error = sillon_fd_facts(number, &found)
        guard error == 0 else { throw SystemError(number: error) }
        let facts = FileFacts(size: found.size, mtimeNs: found.mtime_ns, inode: found.inode, device: found.device)
        return (facts, found.is_regular != 0)
    }
}
