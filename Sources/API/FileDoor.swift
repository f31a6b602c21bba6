import Contracts
import Domain
import HTTPTypes
import UseCases

/// The one way to a file of the library: below a folder that is a library root now, and a bounded number at once.
struct FileDoor: Sendable {
    let files: any LibraryReader
    let scans: any ScanStore
    let slots: StreamSlots
    let patience: Duration

    /// Throws a `Problem` with 503 when too many are open, and `Failure`.
    /// - Parameter file: Nothing outside its root is opened, and the root lies in a library root.
    func open(_ file: MediaFile) async throws -> FileStream {
        let slot = try slot()
        guard try await scans.libraryRoots().contains(where: { $0.contains(file.root) }) else {
            throw Failure(.outsideRoot, "the file lies in no library root")
        }
        return FileStream(file: try await files.open(file), slot: slot, patience: patience)
    }

    /// The library root that holds the file, as far as there is one.
    /// - Parameter accountID: Of who listens: no account takes all places. Throws a `Problem` with 429 when it has its share.
    func open(_ path: FilePath, for accountID: Int64) async throws -> FileStream {
        let (slot, file) = try await admit(path, for: accountID)
        return FileStream(file: try await files.open(file), slot: slot, patience: patience)
    }

    /// As `open`, for who opens the file elsewhere.
    func admit(_ path: FilePath, for accountID: Int64) async throws -> (slot: StreamSlots.Slot, file: MediaFile) {
        let slot = try slot(for: accountID)
        guard let root = try await scans.libraryRoots().first(where: { $0.contains(path) }) else {
            throw Failure(.outsideRoot, "the file lies in no library root any more")
        }
        return (slot, MediaFile(path: path, root: root))
    }

    private func slot(for owner: Int64 = StreamSlots.nobody) throws(Problem) -> StreamSlots.Slot {
        switch slots.ask(for: owner) {
        case .free(let slot): return slot
        case .noShareLeft:
            throw Problem.tryLater(
                .tooManyRequests, "this account reads as many files as one account may", seconds: Self.retrySeconds)
        case .allTaken:
            throw Problem.tryLater(
                .serviceUnavailable, "too many files are being read", seconds: Self.retrySeconds)
        }
    }

    private static let retrySeconds: Double = 2

    /// For readers of the description alone: a range that is none is no mistake, but means the whole file.
    private static let range = Parameter(
        "Range", in: .header, .text(1...ByteRange.maxLength),
        "One range of bytes; of anything else, and for HEAD, the whole file is answered.")
    private static let ifRange = Parameter(
        "If-Range", in: .header, .text(1...ByteRange.maxLength), "The range counts only while the file has this ETag.")
    static let parameters = [ParameterSpec(range), ParameterSpec(ifRange)]

    static func answers(_ mediaTypes: some Sequence<String>) -> [Route.Answer] {
        let binary = Schema(["type": "string", "contentEncoding": "binary"])
        let bytes = Dictionary(mediaTypes.map { ($0, binary) }) { first, _ in first }
        return [
            .init(status: .ok, description: "The file.", content: bytes),
            .init(status: .partialContent, description: "The range that was asked for.", content: bytes),
            .init(status: .notModified, description: "The client has it.", content: [:]),
        ]
    }
}
