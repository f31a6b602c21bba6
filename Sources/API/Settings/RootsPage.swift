import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/roots`: the folders that hold the library.
struct RootsPage: Sendable {
    let services: APIServices

    static let path: LocalPath = "/settings/roots"

    private static let folder = BodyField(
        "path", .text(0...Scalar<FilePath>.maxPathBytes * 2 + 6), isRequired: true, "Of an existing folder.")

    var routes: [Route] { [show, add, scan, askToRemove, remove] }

    private var show: Route {
        .page(
            Self.path.text, "rootsPage", "Show the library roots", access: .admin,
            parameters: [ParameterSpec(SettingsNotice.parameter)]
        ) { try await page($0, FormState()) }
    }

    private func page(_ request: APIRequest, _ state: FormState) async throws -> WebPage {
        let roots = try await services.scans.libraryRootStatuses()
        let notice = try request.optional(SettingsNotice.parameter)
        return request.settingsPage("Library roots", at: .roots) {
            if let notice { notice.html }
            state.banner
            HTML.hint(
                "The folders that hold your music, on the machine where this server runs. Sillon reads them and changes "
                    + "nothing in them.")
            if roots.isEmpty { HTML.box("No folder yet") { HTML(.p) { "Add the folder that your music is in." } } }
            for root in roots { box(request, root) }
            HTML.box("Add a folder") { form(request, state) }
        }
    }

    private func box(_ request: APIRequest, _ root: LibraryRootStatus) -> HTML {
        HTML(.section, .named("box"), .init(.ariaLabelledBy, "root-\(root.id)")) {
            HTML(.header) {
                HTML(.h2, .id("root-\(root.id)"), .named("path")) { root.path.display }
                services.folder(root.path) == root.path
                    ? HTML.state("there", isGood: true) : HTML.state("not reachable", isBad: true)
            }
            HTML(.dl, .named("facts")) {
                fact("Tracks") { Amount.count(root.tracks) }
                if root.missing > 0 { fact("Missing") { "\(Amount.count(root.missing)), whose files were not found" } }
                fact("Last scan") { lastScan(root.lastScan) }
                fact("Added") { HTML.time(root.addedAt) }
            }
            HTML(.div, .named("actions")) {
                request.form(Self.path(root.id, "scan")) {
                    HTML.submit("Scan", isPlain: false, label: "Scan \(root.path.display)")
                }
                HTML(
                    .a, .href(Self.path(root.id, "remove")), .named("quiet"),
                    .init(.ariaLabel, "Remove \(root.path.display)")
                ) { "Remove…" }
            }
        }
    }

    private func fact(_ name: String, @HTMLBuilder _ value: () -> HTML) -> HTML {
        HTML(.dt) { name } + HTML(.dd, content: value)
    }

    private func lastScan(_ scan: Scan?) -> HTML {
        guard let scan else { return HTML(text: "never") }
        let tasks = HTML.link("tasks", TaskSelection(TaskFilter(scanID: scan.id)).path)
        guard let end = scan.finishedAt else { return HTML(text: "\(scan.state.rawValue), ") + tasks }
        return HTML(text: "\(scan.state.rawValue) ") + HTML.time(end) + HTML(text: ", ") + tasks
    }

    private static func path(_ id: Int64, _ end: String) -> LocalPath { LocalPath("\(path.text)/\(id)/\(end)") ?? path }

    private func root(_ request: APIRequest) async throws -> LibraryRootStatus {
        let id = try request.require(.id)
        guard let root = try await services.scans.libraryRootStatuses().first(where: { $0.id == id }) else {
            throw Problem.notFound
        }
        return root
    }

    // MARK: Adding and scanning

    private func form(_ request: APIRequest, _ state: FormState) -> HTML {
        request.form(Self.path, class: "card") {
            state.field(
                Self.folder.name, "Folder", .exact(maxLength: Scalar<FilePath>.maxPathBytes), form: "root",
                hint: "Its whole path on the server's machine, such as /srv/music. Symbolic links are followed."
            ).html
            HTML(.button, .init(.type, "submit")) { "Add the folder" }
        }
    }

    private var add: Route {
        SettingsForm(
            path: Self.path.text, name: "addRootOnPage", summary: "Add a library root, from a page",
            fields: [.init(Self.folder)]
        ).route { request in
            let text = try request.body.require(Self.folder)
            guard let path = Scalar<FilePath>.folder.parse(.string(text)) else {
                throw FormProblem(
                    Self.folder.name,
                    "A path begins with a slash, and has no empty parts and none that are \".\" or \"..\".")
            }
            guard let folder = services.folder(path) else {
                throw FormProblem(
                    Self.folder.name,
                    "There is no folder \"\(path.display)\" on the server's machine, or Sillon may not read it.")
            }
            do {
                try await services.scans.addLibraryRoot(folder)
            } catch StoreError.conflict(let why) {
                throw FormProblem(Self.folder.name, why.sentence)
            }
            return .seeOther(Self.path.with(.rootAdded))
        } again: {
            try await page($0, $1)
        }
    }

    private var scan: Route {
        SettingsForm(
            path: Self.path.text + "/{id}/scan", name: "scanRootOnPage",
            summary: "Start a quick scan of a library root",
            parameters: [ParameterSpec(.id)]
        ).route { request in
            let scan = try await services.scans.startScan(
                NewScan(path: try await root(request).path, mode: .quick, priority: .normal, until: .vector),
                idempotencyKey: nil)
            request.logStart(of: scan)
            return .seeOther(Self.path.with(.scanStarted))
        } again: {
            try await page($0, $1)
        }
    }

    // MARK: Removing

    private var askToRemove: Route {
        .page(
            Self.path.text + "/{id}/remove", "removeRootPage", "Ask whether a library root is to be removed",
            access: .admin, parameters: [ParameterSpec(.id)]
        ) { try await confirmation($0, FormState()) }
    }

    private func confirmation(_ request: APIRequest, _ state: FormState) async throws -> WebPage {
        let root = try await root(request)
        return Confirmation(
            title: "Remove this folder?", section: .roots,
            sentences: [
                "\(root.path.display) will be no library root any more: scans of it are cancelled, and it is scanned no more.",
                "Its tracks (\(Amount.count(root.tracks))) cannot be played or found alike then. They stay in the library as "
                    + "missing, with their plays, stars and ratings, and are back when the folder is added and scanned again.",
                "No file is touched. A folder that the server is started with (--music) comes back when it is started.",
            ], act: "Remove it", action: Self.path(root.id, "remove"), back: Self.path
        ).page(request, state)
    }

    private var remove: Route {
        SettingsForm(
            path: Self.path.text + "/{id}/remove", name: "removeRootOnPage", summary: "Remove a library root",
            parameters: [ParameterSpec(.id)]
        ).route { request in
            try await services.scans.removeLibraryRoot(id: try request.require(.id))
            return .seeOther(Self.path.with(.rootRemoved))
        } again: {
            try await confirmation($0, $1)
        }
    }
}
