import CFiles
import Domain

/// Opens files for reading so that no name, link or race leads out of the folder they belong to.
package struct BeneathOpener: Sendable {
    private let usesOpenat2: Bool

    /// `usesOpenat2` false opens component by component, as on kernels before 5.6.
    package init(usesOpenat2: Bool = true) {
        self.usesOpenat2 = usesOpenat2
    }

    /// A regular file, positioned at its start. The root may be reached through symbolic links, what lies below may not.
    package func open(_ path: FilePath, beneath root: FilePath) throws(Failure) -> OpenFile {
        try regularFile(try openAny(path, beneath: root, wantsFolder: false), path)
    }

    /// As `open`, by way of the folder in hand. A folder that was moved since it was taken in hand is still that folder.
    package func open(
        _ path: FilePath, beneath root: FilePath, by way: inout FolderInHand
    ) throws(Failure) -> OpenFile {
        let folder = path.parent
        if way.number(of: folder, beneath: root) == nil {
            do {
                way.take(try openAny(folder, beneath: root, wantsFolder: true), path: folder, root: root)
            } catch {
                way.drop()
            }
        }
        guard path.isCanonical, let folderNumber = way.number(of: folder, beneath: root) else {
            return try open(path, beneath: root)
        }
        let number = sillon_open_beneath(folderNumber, FilePath(bytes: path.lastComponent).cString, 0, 0)
        // What is wrong is found out, and said, by the long way.
        guard number >= 0 else { return try open(path, beneath: root) }
        return try regularFile(Descriptor(number), path)
    }

    private func regularFile(_ descriptor: consuming Descriptor, _ path: FilePath) throws(Failure) -> OpenFile {
        let (facts, isRegular) = try examine(descriptor, path)
        guard isRegular else { throw Failure(.notAFile, "\(path.quoted) is not a regular file") }
        return OpenFile(descriptor, facts: facts, path: path)
    }

    /// Throws `fileChanged` when the file is not as it was when it was opened.
    package func expectUnchanged(_ file: borrowing OpenFile) throws(Failure) {
        guard try examine(file.descriptor, file.path).facts == file.facts else {
            throw Failure(.fileChanged, "\(file.path.quoted) changed while it was read")
        }
    }

    private func examine(
        _ descriptor: borrowing Descriptor, _ path: FilePath
    ) throws(Failure) -> (facts: FileFacts, isRegular: Bool) {
        do {
            return try descriptor.facts()
        } catch {
            throw Failure(error.reason, "\(path.quoted) cannot be examined: \(error.text)")
        }
    }

    func openFolder(_ path: FilePath, beneath root: FilePath) throws(Failure) -> Descriptor {
        try openAny(path, beneath: root, wantsFolder: true)
    }

    private func openAny(_ path: FilePath, beneath root: FilePath, wantsFolder: Bool) throws(Failure) -> Descriptor {
        guard path.isCanonical, root.isCanonical, root.contains(path) else {
            throw Failure(.outsideRoot, "\(path.quoted) lies outside the library root")
        }
        let rootNumber = sillon_open_root(root.cString)
        guard rootNumber >= 0 else {
            let error = SystemError(number: -rootNumber)
            throw Failure(.rootUnavailable, "the library root \(root.quoted) cannot be opened: \(error.text)")
        }
        let folder = Descriptor(rootNumber)
        if path == root {
            guard wantsFolder else { throw Failure(.notAFile, "\(path.quoted) is the library root, not a file") }
            return folder
        }
        let number = sillon_open_beneath(
            folder.number, path.relativeCString(to: root), wantsFolder ? 1 : 0, usesOpenat2 ? 1 : 0)
        guard number >= 0 else {
            let error = SystemError(number: -number)
            throw Failure(error.reason, "\(path.quoted) cannot be opened: \(error.text)")
        }
        return Descriptor(number)
    }
}

extension FilePath {
    fileprivate var cString: [CChar] { bytes.map { CChar(bitPattern: $0) } + [0] }

    /// Precondition: `root` contains this path and is not this path.
    fileprivate func relativeCString(to root: FilePath) -> [CChar] {
        let skipped = root.bytes.last == FilePath.slash ? root.bytes.count : root.bytes.count + 1
        return bytes[skipped...].map { CChar(bitPattern: $0) } + [0]
    }
}
