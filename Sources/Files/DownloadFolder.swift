import CFiles
import Domain
import Foundation
import UseCases

/// Takes finished files out of the folder of a service and puts them into a library root.
package struct DownloadFolder: DownloadShelf {
    /// Where the service leaves its files, as this machine sees that folder.
    package let source: FilePath
    package let root: FilePath
    private let random: @Sendable () -> UInt64

    private static let namesMax = 100
    /// Parts of the service's path that are tried below the folder here, from the file upwards.
    private static let depthMax = 12

    package init(
        source: FilePath, root: FilePath,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 1...UInt64.max) }
    ) {
        self.source = source
        self.root = root
        self.random = random
    }

    package func finished(_ offer: DownloadOffer, at path: FilePath?) async throws -> MediaFile? {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try finishedHere(offer, at: path) }
    }

    package func place(for components: [String]) async throws -> FilePath {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try placeHere(for: components) }
    }

    package func holds(_ target: FilePath, sizeBytes: Int64) async throws -> Bool {
        try await withTaskExecutorPreference(BlockingExecutor.shared) {
            try size(of: target, beneath: root) == sizeBytes
        }
    }

    package func move(_ file: MediaFile, to target: FilePath) async throws {
        try await withTaskExecutorPreference(BlockingExecutor.shared) { try moveHere(file, to: target) }
    }

    package func discard(_ file: MediaFile) async {
        await withTaskExecutorPreference(BlockingExecutor.shared) {
            guard source.contains(file.path), file.path.isCanonical else { return }
            _ = unlink(file.path.display)  // it may be gone; what stays takes room, and no more
        }
    }

    /// The path as it is, else its last parts below the folder here, else those of the peer's name for the file.
    private func finishedHere(_ offer: DownloadOffer, at path: FilePath?) throws(Failure) -> MediaFile? {
        var places: [FilePath] = []
        if let path {
            if source.contains(path), path.isCanonical { places.append(path) }
            places += below(path.bytes.split(separator: FilePath.slash).map(Array.init))
        }
        places += below(offer.nameParts.map { Array($0.utf8) })
        for place in places where try size(of: place, beneath: source) == offer.sizeBytes {
            return MediaFile(path: place, root: source)
        }
        return nil
    }

    /// The longest first.
    private func below(_ parts: [[UInt8]]) -> [FilePath] {
        let names = parts.suffix(Self.depthMax)
        return names.indices.map { start in
            names[start...].reduce(source) { $0.appending($1) }
        }.filter(\.isCanonical)
    }

    /// Nil for what is not there, or no file.
    private func size(of path: FilePath, beneath root: FilePath) throws(Failure) -> Int64? {
        do {
            return try BeneathOpener().open(path, beneath: root).facts.size
        } catch  where error.reason == .rootUnavailable || error.reason == .ioError {
            throw error
        } catch {
            return nil
        }
    }

    private func placeHere(for components: [String]) throws(Failure) -> FilePath {
        let wanted = components.reduce(root) { $0.appending(Array($1.utf8)) }
        guard wanted.isCanonical, root.contains(wanted), wanted != root else {
            throw Failure(.internalError, "the template of names leads out of the library")
        }
        for number in 1...Self.namesMax {
            let path = number == 1 ? wanted : numbered(wanted, number)
            var facts = stat()
            if lstat(path.display, &facts) != 0, errno == ENOENT || errno == ENOTDIR { return path }
        }
        throw Failure(.unreadable, "there are \(Self.namesMax) files called \(wanted.quoted) already")
    }

    private func numbered(_ path: FilePath, _ number: Int) -> FilePath {
        let name = String(decoding: path.lastComponent, as: UTF8.self)
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        return path.parent.appending(Array("\(name[..<dot]) (\(number))\(name[dot...])".utf8))
    }

    private func moveHere(_ file: MediaFile, to target: FilePath) throws(Failure) {
        try makeFolder(target.parent)
        let error = sillon_move_new(file.path.display, target.display)
        if error == EXDEV {
            try copy(file, to: target)
            try sync(target.parent)
            _ = unlink(file.path.display)  // the copy is there; what stays takes room, and no more
        } else {
            try check(error, target)
        }
        try sync(target.parent)
    }

    private func makeFolder(_ folder: FilePath) throws(Failure) {
        guard folder != root else { return }
        do {
            try FileManager.default.createDirectory(atPath: folder.display, withIntermediateDirectories: true)
        } catch {
            throw Failure(.ioError, "the folder \(folder.quoted) cannot be made: \(error.localizedDescription)")
        }
    }

    /// From another file system: a hidden copy beside the target, on the disk before it gets its name.
    private func copy(_ file: MediaFile, to target: FilePath) throws(Failure) {
        let from = try BeneathOpener().open(file.path, beneath: file.root)
        let hidden = target.parent.appending(Array(".sillon-\(String(random(), radix: 16)).tmp".utf8))
        let number = open(hidden.display, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
        try check(number < 0 ? errno : 0, target)
        let copy = Descriptor(number)
        var error = sillon_copy_bytes(from.number, copy.number)
        if error == 0 { error = sillon_sync(copy.number) }
        if error == 0 { error = sillon_move_new(hidden.display, target.display) }
        if error != 0 { _ = unlink(hidden.display) }  // hidden, and harms nobody
        try check(error, target)
    }

    private func sync(_ folder: FilePath) throws(Failure) {
        let number = open(folder.display, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        try check(number < 0 ? errno : 0, folder)
        let descriptor = Descriptor(number)
        try check(sillon_sync(descriptor.number), folder)
    }

    private func check(_ error: Int32, _ path: FilePath) throws(Failure) {
        guard error != 0 else { return }
        if error == EEXIST { throw Failure(.fileChanged, "somebody else put a file at \(path.quoted) meanwhile") }
        throw Failure(.ioError, "\(path.quoted) cannot be written: \(SystemError(number: error).text)")
    }
}
