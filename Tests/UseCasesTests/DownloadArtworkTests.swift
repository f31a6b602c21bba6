import Contracts
import Domain
import Synchronization
import Testing
import UseCases

/// Who is asked for an album's front, in which order, and what becomes of what they answer.
struct DownloadArtworkTests {
    /// The smallest PNG header of a size; nobody decodes it here.
    private static func png(_ width: UInt8 = 9, _ height: UInt8 = 9) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
            + [0, 0, 0, width, 0, 0, 0, height]
    }

    private static let bomb: [UInt8] = Array(png().prefix(16)) + [0, 1, 0, 0, 0, 1, 0, 0]

    /// Takes what looks like a picture, but for one that a decoder would refuse.
    private final class Decoder: PictureReader {
        let examined = Mutex(0)

        func examine(_ bytes: [UInt8]) async throws -> ExaminedPicture {
            examined.withLock { $0 += 1 }
            guard let header = PictureHeader(bytes), header.height != 13 else {
                throw Failure(.corruptFile, "the picture is cut off")
            }
            return ExaminedPicture(
                cover: CoverImage(hash: "h\(header.width)", mediaType: header.format.mediaType, data: bytes),
                facts: PictureFacts(width: header.width, height: header.height))
        }

        func shrink(_ bytes: [UInt8], toSide side: Int) async throws -> [UInt8] { bytes }
    }

    private struct Folders: FolderPictures {
        var files: [(path: String, bytes: [UInt8])] = []

        func fronts(in folder: FilePath, beneath root: FilePath) async throws -> [FilePath] {
            files.map { FilePath($0.path) }.filter { $0.parent == folder }
        }

        func read(_ path: FilePath, beneath root: FilePath, bytesMax: Int) async throws -> [UInt8] {
            files.first { $0.path == path.display }?.bytes ?? []
        }
    }

    private final class Source: ArtworkSource {
        let source: ServiceID
        let pictures: [Result<[UInt8], Failure>]
        let away: Failure?
        let asked = Mutex(0)

        init(_ source: ServiceID, _ pictures: [Result<[UInt8], Failure>] = [], away: Failure? = nil) {
            (self.source, self.pictures, self.away) = (source, pictures, away)
        }

        func frontCovers(of album: AlbumQuestion) async throws -> [ArtworkCandidate] {
            asked.withLock { $0 += 1 }
            if let away { throw away }
            return pictures.indices.map { ArtworkCandidate(source: source, address: "https://x/\($0)", size: nil) }
        }

        func fetch(_ candidate: ArtworkCandidate, bytesMax: Int) async throws -> Artwork? {
            let place = Int(candidate.address.split(separator: "/").last ?? "") ?? 0
            return Artwork(bytes: try pictures[place].get(), mediaType: "text/html")
        }
    }

    private func run(
        _ sources: [Source], _ folders: Folders = Folders(), decoder: Decoder = Decoder()
    ) async throws -> Outcome {
        var payload = DownloadArtworkPayload(albumID: 7)
        payload.title = "Furrow Lines"
        payload.folders = [FilePath("/music/A")]
        payload.rootPath = FilePath("/music")
        let handlers = Handlers(
            walker: ScriptedWalker(), media: ScriptedMedia(), broker: ScriptedBroker(), models: [],
            downloadArtwork: DownloadArtwork(folders: folders, pictures: decoder, sources: sources))
        return try await handlers.handle(.downloadArtwork(payload), lease: Lease(taskID: 1, token: 1))
    }

    private func found(_ outcome: Outcome) -> [String]? {
        guard case .artworkFound(let found) = outcome else { return nil }
        return [found.source, found.address ?? "", found.cover.hash]
    }

    @Test("A picture beside the music comes before all services")
    func sidecar() async throws {
        let archive = Source(.coverart, [.success(Self.png(5))])
        let folders = Folders(files: [("/music/A/cover.png", Self.png(3, 13)), ("/music/A/folder.png", Self.png(4))])
        let outcome = try await run([archive], folders)
        #expect(found(outcome) == ["sidecar", "file:/music/A/folder.png", "h4"], "the one before it is cut off")
        #expect(archive.asked.withLock(\.self) == 0)
    }

    @Test("Services are asked in their order, and bad pictures of one are passed over")
    func order() async throws {
        let decoder = Decoder()
        let archive = Source(
            .coverart,
            [.success(Array("<html>".utf8)), .success(Self.bomb), .success(Self.png(3, 13)), .success(Self.png(6))])
        let second = Source(.lastfm, [.success(Self.png(5))])
        #expect(found(try await run([archive, second], decoder: decoder)) == ["coverart", "https://x/3", "h6"])
        #expect(decoder.examined.withLock(\.self) == 2, "HTML and bombs are not even decoded")
        #expect(second.asked.withLock(\.self) == 0)
    }

    @Test("A service that is away is passed over when another has the picture, and waited for when nobody has")
    func away() async throws {
        let gone = Failure(.serviceUnavailable, "it is away", retryAfterSeconds: 60)
        let archive = Source(.coverart, away: gone)
        #expect(found(try await run([archive, Source(.lastfm, [.success(Self.png(5))])]))?.first == "lastfm")
        await #expect(throws: gone) {
            try await run([Source(.lastfm, away: Failure(.serviceError, "nonsense")), archive])
        }
    }

    @Test("That nobody has a picture says what was refused; a broken answer is tried again")
    func absent() async throws {
        let outcome = try await run([
            Source(.coverart, [.success(Self.bomb)]), Source(.lastfm, away: Failure(.serviceRefused, "a wrong key")),
        ])
        guard case .artworkAbsent(let absent) = outcome else {
            Issue.record("a picture was found")
            return
        }
        #expect(absent.problems.count == 2 && absent.problems[0].contains("65536 x 65536 pixels"))
        #expect(absent.problems[1] == "Last.fm: a wrong key")
        await #expect(throws: Failure.self) {
            try await run([Source(.coverart, [.failure(Failure(.serviceError, "half an answer"))])])
        }
    }

    @Test("A worker without services hands the task to another one")
    func elsewhere() async throws {
        let handlers = Handlers(walker: ScriptedWalker(), media: ScriptedMedia(), broker: ScriptedBroker(), models: [])
        await #expect(throws: Failure.self) {
            try await handlers.handle(
                .downloadArtwork(DownloadArtworkPayload(albumID: 1)), lease: Lease(taskID: 1, token: 1))
        }
    }
}
