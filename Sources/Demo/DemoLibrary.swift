import Foundation

/// A small library of synthesised music: real files in every common format, with full tags, covers and known truth.
package struct DemoLibrary: Sendable {
    private let seed: UInt64
    private let ffmpeg: FFmpeg
    private let slots: Int

    /// - Parameters:
    ///   - searchPath: where ffmpeg is looked for, as in PATH.
    ///   - slots: pieces made at once.
    package init(seed: UInt64 = 1, searchPath: String, slots: Int) throws(DemoError) {
        self.seed = seed
        self.slots = max(1, slots)
        ffmpeg = try FFmpeg(searchPath: searchPath)
    }

    /// Writes the library, or nothing when `folder` already holds it.
    /// - Parameter progress: told after each file how many of how many are done.
    @discardableResult
    package func write(
        to folder: URL, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> DemoManifest {
        if let complete = existing(in: folder) { return complete }
        let scratch = folder.appendingPathComponent(".making")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }  // left-overs are hidden and harmless
        let jobs = try await prepareJobs(in: folder, scratch: scratch)
        try await run(jobs, progress: progress)
        let manifest = DemoManifest(
            version: DemoManifest.currentVersion, seed: seed, entries: jobs.map { $0.entry(in: folder) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(manifest).write(to: folder.appendingPathComponent(DemoManifest.fileName), options: .atomic)
        return manifest
    }

    private func existing(in folder: URL) -> DemoManifest? {
        let file = folder.appendingPathComponent(DemoManifest.fileName)
        guard let data = try? Data(contentsOf: file),  // absent: the library is to be made
            let manifest = try? JSONDecoder().decode(DemoManifest.self, from: data),  // unreadable: likewise
            manifest.version == DemoManifest.currentVersion, manifest.seed == seed
        else { return nil }
        let isWhole = manifest.entries.allSatisfy {
            FileManager.default.fileExists(atPath: folder.appendingPathComponent($0.path).path)
        }
        return isWhole ? manifest : nil
    }

    private func prepareJobs(in folder: URL, scratch: URL) async throws -> [DemoJob] {
        var jobs: [DemoJob] = []
        for (albumIndex, (album, record)) in zip(DemoCatalogue.albums, DemoRecord.all(seed: seed)).enumerated() {
            let albumFolder = folder.appendingPathComponent(album.folder)
            try FileManager.default.createDirectory(at: albumFolder, withIntermediateDirectories: true)
            let cover = try await makeCover(album, seed: record.coverSeed, in: albumFolder, scratch: scratch)
            for (index, (piece, song)) in zip(album.pieces, record.songs).enumerated() {
                var tags = Self.tags(of: piece, number: index + 1, on: album)
                tags.cover = cover
                tags.releaseID = record.id
                tags.recordingID = song.recordingID
                tags.releaseTrackID = song.releaseTrackID
                tags.artistIDs = song.artists.map(\.id)
                tags.albumArtistID = record.artist.id
                jobs.append(
                    DemoJob(
                        spec: song.spec, tags: tags, format: piece.format,
                        scratch: scratch.appendingPathComponent("\(albumIndex)-\(index)"),
                        output: albumFolder.appendingPathComponent(Self.fileName(of: piece, number: index + 1))))
            }
        }
        return jobs
    }

    private func run(_ jobs: [DemoJob], progress: @Sendable (Int, Int) -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = jobs.makeIterator()
            for _ in 0..<slots {
                guard let job = waiting.next() else { break }
                group.addTask { try await job.run(with: ffmpeg) }
            }
            var done = 0
            while try await group.next() != nil {
                done += 1
                progress(done, jobs.count)
                if let job = waiting.next() { group.addTask { try await job.run(with: ffmpeg) } }
            }
        }
    }

    /// The picture to embed, if the album has one; a sidecar is written at once.
    private func makeCover(
        _ album: DemoAlbum, seed: UInt64, in folder: URL, scratch: URL
    ) async throws -> TrackTags.Cover? {
        let pixmap = scratch.appendingPathComponent("cover.ppm")
        try Data(CoverDrawing(seed: seed).pixmap).write(to: pixmap)
        switch album.cover {
        case .none: return nil
        case .sidecar:
            try await ffmpeg.encode(pixmap, options: ["-q:v", "4"], to: folder.appendingPathComponent("cover.jpg"))
            return nil
        case .embedded(let mediaType):
            let isPNG = mediaType == "image/png"
            let picture = scratch.appendingPathComponent(isPNG ? "cover.png" : "cover.jpg")
            try await ffmpeg.encode(pixmap, options: isPNG ? [] : ["-q:v", "4"], to: picture)
            return TrackTags.Cover(mediaType: mediaType, bytes: Array(try Data(contentsOf: picture)))
        }
    }

    private static func tags(of piece: DemoAlbum.Piece, number: Int, on album: DemoAlbum) -> TrackTags {
        var tags = TrackTags()
        tags.title = piece.title
        tags.artists = piece.artists
        tags.album = album.title
        tags.albumArtist = album.artist
        tags.trackNumber = number
        tags.trackTotal = album.pieces.count
        tags.date = album.date
        tags.genres = album.genres
        tags.composer = album.composer
        tags.isCompilation = album.isCompilation
        tags.bpm = Int(piece.bpm)
        tags.key = piece.key.shortName
        return tags
    }

    private static func fileName(of piece: DemoAlbum.Piece, number: Int) -> String {
        let title = piece.title.replacing("/", with: "-")
        return (number < 10 ? "0" : "") + "\(number) \(title).\(piece.format.fileExtension)"
    }
}
