import CFiles

/// What is in a folder, as far as watching needs it: memory that is used again from folder to folder.
final class ListingBuffer {
    private var listing = sillon_listing()

    deinit {
        sillon_listing_free(&listing)
    }

    /// False when the folder cannot be read.
    ///
    /// - Parameter withFiles: a look at each file that the library reads.
    func list(_ folder: borrowing Descriptor, withFiles: Bool) -> Bool {
        let packed = withFiles ? AudioFileExtension.packed : []
        return sillon_list_folder(folder.number, packed, packed.count, DirectoryWalker.entriesMax, &listing) == 0
    }

    var isIgnored: Bool { listing.is_ignored != 0 }
    var isCut: Bool { listing.is_cut != 0 }

    var folders: [[UInt8]] {
        guard let names = listing.names else { return [] }
        return entries.compactMap { entry in
            guard Int(entry.kind) == Int(SILLON_ENTRY_FOLDER) else { return nil }
            return Array(UnsafeBufferPointer(start: names + Int(entry.name_offset), count: Int(entry.name_size)))
        }
    }

    var newestFileNs: Int64 {
        entries.lazy.filter { Int($0.kind) != Int(SILLON_ENTRY_FOLDER) }.map(\.mtime_ns).max() ?? .min
    }

    private var entries: UnsafeBufferPointer<sillon_entry> {
        UnsafeBufferPointer(start: listing.entries, count: listing.count)
    }
}
