import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// What the holder of a lease may do with its task: walk its folder, read its file, look up its content.
struct LeasedTaskRoutes: Sendable {
    let fleet: Fleet
    let door: FileDoor

    /// A folder with the most entries that a walk reports, with long names.
    static let maxReportBytes = 64 << 20
    static let maxFolders = 1000
    static let maxFiles = 200_000

    private static let lease = BodyField("lease", .token, isRequired: true, "The fencing token of the task.")
    private static let folders = BodyField(
        "folders", .list(of: FolderBody.scalar, max: maxFolders), isRequired: true,
        "Whole folders, each with all its audio files.")
    private static let gone = BodyField(
        "gone", .list(of: Scalar<FilePath>.folder, max: maxFiles),
        "Of the files that an earlier answer asked to look at, those that are not there any more.")
    private static let leaseInQuery = Parameter("lease", .token, isRequired: true, "The fencing token of the task.")
    private static let contentKey = Parameter("content_key", in: .path, .text(1...128), "SHA-256 of the audio packets.")
    private static let analyzer = Parameter("version", .text(1...64), isRequired: true, "Of the analyser.")
    private static let fingerprint = Parameter("fingerprint", .flag, "Only an analysis with a fingerprint counts.")

    var routes: [Route] { [beginWalk, report, file.waiting(), lookUp] }

    private var beginWalk: Route {
        .json(
            .post, "/v1/tasks/{id}/walk", "beginWalk", "Start the walk of a leased scan", access: .worker,
            parameters: [ParameterSpec(.id)], body: BodySpec("NewWalk", [.init(Self.lease)]),
            answer: .knownFolders, "The walk's counters are at zero.", problems: [.conflict, .insufficientStorage]
        ) { request in
            try await fleet.broker.beginWalk(lease: try Self.lease(of: request))
        }
    }

    private var report: Route {
        .json(
            .post, "/v1/tasks/{id}/walk/folders", "reportFolders", "Report folders of a leased scan", access: .worker,
            parameters: [ParameterSpec(.id)],
            body: BodySpec("WalkReport", [.init(Self.lease), .init(Self.folders), .init(Self.gone)]),
            bodyLimit: Self.maxReportBytes,
            answer: .directive, "What is new or changed is queued. The same report again changes nothing.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            try await fleet.broker.report(
                try request.body.require(Self.folders), gone: try request.body.optional(Self.gone) ?? [],
                lease: try Self.lease(of: request))
        }
    }

    private var file: Route {
        Route(
            .get, "/v1/tasks/{id}/file", "getTaskFile", "Read the file of a leased task", access: .worker,
            parameters: [ParameterSpec(.id), ParameterSpec(Self.leaseInQuery)] + FileDoor.parameters,
            answers: FileDoor.answers([Self.mediaType]),
            problems: [.conflict, .rangeNotSatisfiable, .unprocessableContent]
        ) { request in
            let lease = Lease(
                taskID: try request.require(.id), token: try request.require(Self.leaseInQuery))
            let stream = try await open(lease)
            return try stream.response(
                to: request.headers, isHead: request.isHead, request.client,
                headers: [
                    .contentType: Self.mediaType, .cacheControl: "no-store",
                    .fileFacts: stream.file.facts.headerText,
                ])
        }
    }

    private static let mediaType = "application/octet-stream"

    private var lookUp: Route {
        .json(
            .get, "/v1/contents/{content_key}", "lookUpContent", "Tell whether audio was listened to already",
            access: .worker,
            parameters: [
                ParameterSpec(Self.contentKey), ParameterSpec(Self.analyzer), ParameterSpec(Self.fingerprint),
            ],
            answer: .knownContent, "Whether it was."
        ) { request in
            try await fleet.broker.hasAnalysis(
                contentKey: try request.require(Self.contentKey), version: try request.require(Self.analyzer),
                withFingerprint: try request.optional(Self.fingerprint) ?? false)
        }
    }

    private static func lease(of request: APIRequest) throws(Problem) -> Lease {
        Lease(taskID: try request.require(.id), token: try request.body.require(lease))
    }

    /// Only the file that the payload names, and only below a folder that is a library root now.
    private func open(_ lease: Lease) async throws -> FileStream {
        guard let task = try await fleet.broker.task(holding: lease) else {
            throw Problem(.conflict, "the lease on this task has ended")
        }
        guard let file = Self.file(of: task) else { throw Problem.invalid("this task has no file") }
        do {
            return try await door.open(file)
        } catch let failure as Failure {
            throw Problem.ofFile(failure)
        }
    }

    private static func file(of task: LeasedTask) -> MediaFile? {
        let payload: TaskPayload
        do {
            payload = try TaskPayload.decode(kind: task.kind, version: task.version, json: task.payload)
        } catch {
            return nil  // a version that only the worker knows: this server cannot tell which file it means
        }
        let named: (path: FilePath?, root: FilePath?) =
            switch payload {
            case .indexFile(let index): (index.filePath, index.rootPath)
            case .analyzeAudio(let analyze): (analyze.filePath, analyze.rootPath)
            case .scanLibrary, .vectorizeTrack, .vectorizeText, .projectMap, .submitListens, .downloadArtwork,
                .downloadTrack, .enrich, .deliverWebhook, .noop, .noopChain:
                (nil, nil)
            }
        guard let path = named.path, let root = named.root else { return nil }
        return MediaFile(path: path, root: root)
    }
}

extension Problem {
    /// Why a file cannot be read, so that the worker can say the same of its task.
    static func ofFile(_ failure: Failure) -> Problem {
        Problem(.unprocessableContent, failure.message, headers: [.failureReason: failure.reason.rawValue])
    }
}

extension HTTPField.Name {
    /// A `Failure.Reason`.
    static let failureReason = HTTPField.Name("Sillon-Failure-Reason")!
    static let fileFacts = HTTPField.Name("Sillon-File-Facts")!
}
