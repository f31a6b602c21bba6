import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/scans`
struct ScanRoutes: Sendable {
    let services: APIServices
    let slots: StreamSlots
    let pace: ScanEventStream.Pace

    private static let path = BodyField(
        "path", Scalar<FilePath>.folder, isRequired: true,
        "The folder to scan: a library root or a folder inside one. A symbolic link is followed.")
    private static let mode = BodyField(
        "mode", Scalar<Scan.Mode>.choice, "quick (only what changed, the default) or full (everything again).")
    private static let priority = BodyField("priority", Scalar<Priority>.priority, "normal when absent.")
    private static let until = BodyField(
        "until", Scalar<Scan.Stage>.choice, "The last stage for the files of this scan; vector when absent.")
    private static let acceptMissing = BodyField(
        "accept_missing", Scalar<Bool>.flag,
        "True: files that are gone are marked missing even when they are more than 30 % of the library root.")
    private static let id = Parameter("id", in: .path, .text(1...64), "The id of the scan.")

    var routes: [Route] {
        [start, list, show, cancel, events]
    }

    private var start: Route {
        .json(
            .post, "/v1/scans", "startScan", "Start a scan of a folder", access: .user,
            parameters: [ParameterSpec(.idempotencyKey)],
            body: BodySpec(
                "NewScan",
                [
                    .init(Self.path), .init(Self.mode), .init(Self.priority), .init(Self.until),
                    .init(Self.acceptMissing),
                ]),
            status: .accepted, answer: .accepted, "The scan is queued.", location: { "/v1/scans/\($0.id)" },
            problems: [.conflict, .insufficientStorage]
        ) { request in
            var scan = NewScan(
                path: try request.body.require(Self.path), mode: try request.body.optional(Self.mode) ?? .quick,
                priority: try request.body.optional(Self.priority) ?? .normal,
                until: try request.body.optional(Self.until) ?? .vector,
                acceptMissing: try request.body.optional(Self.acceptMissing) ?? false)
            let key = try request.optional(.idempotencyKey)
            scan.path = try await folderInRoot(scan.path, role: request.token?.role)
            let accepted = try await services.scans.startScan(scan, idempotencyKey: key)
            request.logStart(of: accepted)
            return accepted
        }
    }

    private var list: Route {
        .json(
            .get, "/v1/scans", "listScans", "List scans, newest first", access: .user, parameters: .paging,
            answer: Shape<Scan>.scan.page("ScanPage"), "One page of scans."
        ) { request in
            let page = try request.page()
            return try await Problem.listing { try await services.scans.scans(page) }
        }
    }

    private var show: Route {
        .json(
            .get, "/v1/scans/{id}", "getScan", "Show a scan and its progress", access: .user,
            parameters: [ParameterSpec(Self.id)], answer: .scan, "The scan."
        ) { try await services.scans.scan(id: $0.require(Self.id)) }
    }

    private var cancel: Route {
        .json(
            .delete, "/v1/scans/{id}", "cancelScan", "Cancel a scan; what it did stays", access: .user,
            parameters: [ParameterSpec(Self.id)], answer: .scan, "The scan as it is now.",
            problems: [.conflict, .insufficientStorage]
        ) { try await services.scans.cancelScan(id: $0.require(Self.id)) }
    }

    private var events: Route {
        Route(
            .get, "/v1/scans/{id}/events", "watchScan", "Follow a scan as server-sent events", access: .user,
            parameters: [ParameterSpec(Self.id)],
            answers: [
                .init(
                    status: .ok,
                    description:
                        "`progress` events with the scan at once and whenever it changed; `end` when it is over.",
                    content: ["text/event-stream": Schema(["type": "string"])])
            ]
        ) { request in
            let scan = try await services.scans.scan(id: try request.require(Self.id))
            let slot = try slots.require(for: request.token)
            let stream = ScanEventStream(scans: services.scans, first: scan, pace: pace)
            let body = ResponseBody { writer in
                try await stream.write(to: &writer)
                try await writer.finish(nil)
                withExtendedLifetime(slot) {}
            }
            return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: body)
        }
    }

    /// The folder that a path leads to; a path in a root where none is (any more) stays as it is, for the disk may be
    /// away. An administrator's scan of a new folder makes that folder a library root; anybody else's is refused.
    private func folderInRoot(_ path: FilePath, role: AccessRole?) async throws -> FilePath {
        let roots = try await services.scans.libraryRoots()
        if let folder = services.folder(path), roots.contains(where: { $0.contains(folder) }) { return folder }
        if roots.contains(where: { $0.contains(path) }) { return path }
        guard role == .admin else { throw Problem(.forbidden, "the folder is in no library root") }
        return try await RootRoutes.add(path, services: services)
    }
}

extension Parameter where Value == String {
    /// 1 to 255 visible ASCII characters.
    static let idempotencyKey = Parameter(
        "Idempotency-Key", in: .header,
        .text(pattern: "^[!-~]{1,255}$", "1 to 255 visible ASCII characters") { text in
            (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }, "The same key with the same request gets the first answer again and does nothing twice.")
}

extension [ParameterSpec] {
    static let paging = [ParameterSpec(.limit), ParameterSpec(.cursor)]
}

extension Problem {
    /// In a list, a precondition that fails is a cursor that the store did not make, and what is not there is what a
    /// filter names.
    static func listing<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch StoreError.preconditionFailed {
            throw Problem.badRequest("cursor is not one that this list answered")
        } catch StoreError.notFound(let text) {
            throw Problem.badRequest(text)
        }
    }

    /// What is not there is what a field of the body names.
    static func naming<Value>(_ field: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch StoreError.notFound(let text) {
            throw Problem.invalid("\(field): \(text)")
        }
    }
}
