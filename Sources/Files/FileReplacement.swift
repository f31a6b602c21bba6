import CFiles
import Domain
import Glibc

/// A copy of a file, to be changed and then put in the file's place: whatever happens on the way, the old file is whole.
///
/// The copy has no name until it is complete, where the file system can do that; elsewhere it is hidden, and stays
/// behind when this process is killed. Owner, group, mode, access lists (attributes `system.*`, and Samba's) and user
/// attributes are those of the file; a file with some that cannot be given to the copy is refused. The time of change is new. Other
/// hard links keep the old file.
package struct FileReplacement: ~Copyable {
    package let path: FilePath
    /// The old file, open for reading.
    package let original: OpenFile
    /// Of the old file, as it was opened.
    package let changeTime: ChangeTime
    private let folder: Descriptor
    private let copy: Descriptor
    private let hiddenName: [CChar]
    /// The copy bears its name, and has to be removed when it is not wanted.
    private var isNamed: Bool

    /// Copies the file. `salt` makes the name of the copy its own: take a random number. `usesUnnamed` false does
    /// without files that have no name, as on file systems that know none.
    package static func copying(
        _ path: FilePath, salt: UInt64, usesUnnamed: Bool = true
    ) throws(Failure) -> FileReplacement {
        let opener = BeneathOpener()
        let folder = try opener.openFolder(path.parent, beneath: path.parent)
        let original = try opener.open(path, beneath: path.parent)
        let changeTime = try original.changeTime()
        try check(sillon_check_writable(folder.number, cString(path.lastComponent)), path, "may not be written")
        let hiddenName = cString(Array(".sillon-\(String(salt, radix: 16)).tmp".utf8))
        let unnamed = usesUnnamed ? sillon_create_unnamed(folder.number) : -EOPNOTSUPP
        let isNamed = [-EOPNOTSUPP, -EISDIR, -ENOENT, -EINVAL].contains(unnamed)
        let number = isNamed ? sillon_create_named(folder.number, hiddenName) : unnamed
        try check(-min(0, number), path, "cannot be copied within its folder")
        let replacement = FileReplacement(
            path, original, changeTime, folder, Descriptor(number), hiddenName: hiddenName, isNamed: isNamed)
        try replacement.fill()
        return replacement
    }

    private init(
        _ path: FilePath, _ original: consuming OpenFile, _ changeTime: ChangeTime, _ folder: consuming Descriptor,
        _ copy: consuming Descriptor, hiddenName: [CChar], isNamed: Bool
    ) {
        (self.path, self.changeTime, self.hiddenName, self.isNamed) = (path, changeTime, hiddenName, isNamed)
        self.original = original
        self.folder = folder
        self.copy = copy
    }

    private func fill() throws(Failure) {
        let (from, to) = (original.number, copy.number)
        try Self.check(sillon_copy_bytes(from, to), path, "cannot be copied within its folder")
        try Self.check(sillon_copy_attributes(from, to), path, "cannot be copied with its owner, mode and access list")
    }

    /// Open for reading and writing.
    package var number: Int32 { copy.number }

    /// Puts the copy in the file's place. Throws `fileChanged` when somebody else wrote to the file, or put another one
    /// there, since it was opened.
    package consuming func commit() throws(Failure) {
        try Self.check(sillon_sync(copy.number), path, "cannot be copied to the disk")
        if !isNamed {
            try Self.check(sillon_give_name(copy.number, folder.number, hiddenName), path, "cannot be replaced")
            isNamed = true
        }
        try expectUnchanged()
        let name = Self.cString(path.lastComponent)
        try Self.check(sillon_rename(folder.number, hiddenName, name), path, "cannot be replaced")
        isNamed = false
        try Self.check(sillon_sync(folder.number), path, "is replaced, but may be the old one again after a power cut")
    }

    /// The last look before the rename; no system call binds the two.
    private func expectUnchanged() throws(Failure) {
        try BeneathOpener().expectUnchanged(original)
        guard try original.changeTime() == changeTime else {
            throw Failure(.fileChanged, "\(path.quoted) changed while it was read")
        }
        var inode: Int64 = 0
        let error = sillon_entry_inode(folder.number, Self.cString(path.lastComponent), &inode)
        guard error == 0, inode == original.facts.inode else {
            throw Failure(.fileChanged, "\(path.quoted) was moved or replaced meanwhile")
        }
    }

    deinit {
        // A copy that cannot be removed is hidden and harms nobody.
        if isNamed { _ = sillon_remove(folder.number, hiddenName) }
    }

    private static func check(_ error: Int32, _ path: FilePath, _ what: String) throws(Failure) {
        guard error != 0 else { return }
        let found = SystemError(number: error)
        throw Failure(found.reason, "\(path.quoted) \(what): \(found.text)")
    }

    private static func cString(_ bytes: [UInt8]) -> [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }
}
