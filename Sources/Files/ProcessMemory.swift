import CFiles

/// Keeps the C library from holding on to memory that a small device needs elsewhere.
package enum ProcessMemory {
    /// glibc gives threads heaps of their own, up to eight for each core; this many are enough here.
    private static let heapsMax: Int32 = 2

    /// Called before the first thread starts.
    package static func limitHeaps() {
        sillon_limit_heaps(heapsMax)
    }

    /// After a burst of work: hands free pages back to the kernel.
    package static func giveBack() {
        sillon_release_free_memory()
    }
}
