import Contracts
import Domain

/// Finds the front of an album whose files hold none: beside them, else at services, in the order given.
package struct DownloadArtwork: Sendable {
    let folders: any FolderPictures
    let pictures: any PictureReader
    let sources: [any ArtworkSource]

    /// Of one service; the ones behind are smaller drawings of the same.
    private static let candidatesMax = 4
    private static let problemsMax = 20
    /// Other albums may find theirs in their folders, or at the other service.
    private static let longestWaitSeconds: Double = 600

    package init(folders: any FolderPictures, pictures: any PictureReader, sources: [any ArtworkSource]) {
        self.folders = folders
        self.pictures = pictures
        self.sources = sources
    }

    /// Throws the failure of a service that may have the picture when it can be asked again.
    /// - Parameter run: 1 when this task was never begun before.
    func run(_ payload: DownloadArtworkPayload, run: Int) async throws -> Outcome {
        guard let title = payload.title else { throw Failure(.invalidPayload, "title is missing") }
        var search = Search(albumID: payload.albumID)
        if let found = try await sidecar(payload, &search) { return .artworkFound(found) }
        let question = AlbumQuestion(
            artist: payload.artist, title: title, year: payload.year, trackCount: payload.trackCount,
            releaseID: payload.releaseID, releaseGroupID: payload.releaseGroupID)
        for source in sources {
            do {
                if let found = try await ask(source, question, &search) { return .artworkFound(found) }
            } catch let failure as Failure {
                search.note("\(source.source.title): \(failure.message)")
                // A key that is refused says nothing of the album.
                if failure.isTransient || failure.isPostponing { search.keep(failure) }
            }
        }
        if let failure = search.postponed {
            throw failure.waiting(longerWith: run, capSeconds: Self.longestWaitSeconds)
        }
        return .artworkAbsent(ArtworkAbsentOutcome(albumID: payload.albumID, problems: search.problems))
    }

    private struct Search {
        let albumID: Int64
        var problems: [String] = []
        /// Waiting for a service that is away costs nothing, so it wins over a failure that is charged.
        var postponed: Failure?

        mutating func note(_ problem: String) {
            if problems.count < DownloadArtwork.problemsMax { problems.append(problem) }
        }

        mutating func keep(_ failure: Failure) {
            guard postponed == nil || failure.isPostponing && postponed?.isPostponing == false else { return }
            postponed = failure
        }

        func found(_ picture: ExaminedPicture, _ source: String, _ address: String?) -> ArtworkFoundOutcome {
            ArtworkFoundOutcome(
                albumID: albumID, cover: picture.cover, source: source, address: address, width: picture.facts.width,
                height: picture.facts.height)
        }
    }

    private func sidecar(
        _ payload: DownloadArtworkPayload, _ search: inout Search
    ) async throws -> ArtworkFoundOutcome? {
        guard let root = payload.rootPath else { return nil }
        for folder in payload.folders ?? [] {
            for path in try await folders.fronts(in: folder, beneath: root) {
                do {
                    let bytes = try await folders.read(
                        path, beneath: root, bytesMax: PictureLimits.fetchedBytesMax)
                    return search.found(
                        try await examine(bytes), ArtworkFoundOutcome.sidecar, "file:\(path.display)")
                } catch let failure as Failure where failure.blamesContent || !failure.isTransient {
                    search.note("\(path.display): \(failure.message)")
                }
            }
        }
        return nil
    }

    private func ask(
        _ source: any ArtworkSource, _ question: AlbumQuestion, _ search: inout Search
    ) async throws -> ArtworkFoundOutcome? {
        for candidate in try await source.frontCovers(of: question).prefix(Self.candidatesMax) {
            do {
                guard
                    let artwork = try await source.fetch(candidate, bytesMax: PictureLimits.fetchedBytesMax)
                else { continue }
                let picture = try await examine(artwork.bytes)
                return search.found(picture, candidate.source.rawValue, candidate.address)
            } catch let failure as Failure where failure.blamesContent || failure.isOfOneAddress {
                // The next one may be better.
                search.note("\(candidate.address): \(failure.message)")
                if failure.isTransient, !failure.blamesContent { search.keep(failure) }
            }
        }
        return nil
    }

    /// Looks at limits first, so that a bomb is never decoded.
    private func examine(_ bytes: [UInt8]) async throws -> ExaminedPicture {
        guard bytes.count <= PictureLimits.fetchedBytesMax else {
            throw Failure(.unsupportedFormat, "the picture has more than \(PictureLimits.fetchedBytesMax) bytes")
        }
        guard let header = PictureHeader(bytes), PictureLimits.fetchedFormats.contains(header.format) else {
            throw Failure(.unsupportedFormat, "this is no JPEG, PNG, WebP or GIF picture")
        }
        guard header.pixels <= PictureLimits.pixelsMax else {
            throw Failure(
                .unsupportedFormat,
                "the picture has \(header.width) x \(header.height) pixels; \(PictureLimits.pixelsMax) are the limit")
        }
        return try await pictures.examine(bytes)
    }
}

extension Failure {
    /// A picture that is too large or was refused says nothing of the other pictures of the service.
    fileprivate var isOfOneAddress: Bool { reason == .serviceError || reason == .serviceRefused }
}
