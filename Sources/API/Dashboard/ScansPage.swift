import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/scans`: all of them, newest first.
struct ScansPage: Sendable {
    let services: APIServices

    private static let path = BodyField("path", Scalar<FilePath>.folder, isRequired: true, "A library root.")
    private static let scan = BodyField("scan", .text(1...64), isRequired: true, "The id of the scan.")
    private static let pageLength = 20

    var routes: [Route] {
        [
            .page(
                "/scans", "scansPage", "Show scans, newest first", access: .user,
                parameters: [ParameterSpec(.cursor)], page),
            start, cancel,
        ]
    }

    private func page(_ request: APIRequest) async throws -> WebPage {
        let page = PageRequest(cursor: try request.optional(.cursor), limit: Self.pageLength)
        let scans = try await Problem.listing { try await services.scans.scans(page) }
        let now = services.clock()
        return request.webPage("Scans", scripts: ["live.js"]) {
            HTML.live("Scans", reload: "/scans") {
                HTML(.section, .named("box")) {
                    scans.items.reduce(HTML()) { $0 + ScanRow(scan: $1, now: now).html(request) }
                    if scans.items.isEmpty { HTML(.p) { "Nothing was scanned yet." } }
                    if let next = scans.nextCursor {
                        HTML(.p) { HTML.link("Older scans", LocalPath("/scans").with("cursor", next)) }
                    }
                }
            }
        }
    }

    private var start: Route {
        Route(
            .post, "/scans", "startScanOnPage", "Start a quick scan of a library root, from a page", access: .user,
            body: BodySpec("ScanOnPage", as: .form, [.init(Self.path), .init(Body.csrf)]),
            bodyLimit: Body.maxFormBytes, answers: [Route.redirect], problems: [.conflict, .insufficientStorage]
        ) { request in
            let path = try request.body.require(Self.path)
            guard try await services.scans.libraryRoots().contains(path) else {
                throw Problem(.forbidden, "the folder is no library root")
            }
            let scan = try await services.scans.startScan(
                NewScan(path: path, mode: .quick, priority: .normal, until: .vector), idempotencyKey: nil)
            request.logStart(of: scan)
            return .seeOther("/")
        }.asPage()
    }

    private var cancel: Route {
        Route(
            .post, "/scans/cancel", "cancelScanOnPage", "Cancel a scan, from a page", access: .user,
            body: BodySpec("CancelScanOnPage", as: .form, [.init(Self.scan), .init(Body.csrf)]),
            bodyLimit: Body.maxFormBytes, answers: [Route.redirect], problems: [.conflict, .insufficientStorage]
        ) { request in
            _ = try await services.scans.cancelScan(id: try request.body.require(Self.scan))
            return .seeOther("/")
        }.asPage()
    }
}
