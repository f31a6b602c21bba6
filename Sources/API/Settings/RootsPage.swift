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

    var routes: [Route] { [show, add, scan, keep] + removal }

    private var show: Route {
        .page(
            Self.path.text, "rootsPage", "Show the library roots", access: .admin,
            parameters: [ParameterSpec(SettingsNotice.parameter)]
        ) { try await page($0, FormState()) }
    }

    /// - Parameter id: of the root whose form `state` is; nil for the form that adds one.
    private func page(_ request: APIRequest, _ state: FormState, ofRoot id: Int64? = nil) async throws -> WebPage {
        let roots = try await services.libraryRoots()
        let notice = try request.optional(SettingsNotice.parameter)
        let now = services.clock()
        return request.settingsPage("Library roots", at: .roots) {
            if let notice { notice.html }
            state.banner
            HTML.hint(
                "The folders that hold your music, on the machine where this server runs. Sillon reads them and changes "
                    + "nothing in them.")
            if roots.isEmpty { HTML.box("No folder yet") { HTML(.p) { "Add the folder that your music is in." } } }
            for root in roots {
                let form = UpkeepForm(root: root.status, state: root.status.id == id ? state : nil)
                RootBox(root: root, form: form, now: now).html(request)
            }
            HTML.box("Add a folder") { form(request, id == nil ? state : FormState()) }
        }
    }

    static func path(_ id: Int64, _ end: String) -> LocalPath { LocalPath("\(path.text)/\(id)/\(end)") ?? path }

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
            let root = try await services.scans.libraryRootStatus(id: request.require(.id))
            let scan = try await services.scans.startScan(
                NewScan(path: root.path, mode: .quick, priority: .normal, until: .vector), idempotencyKey: nil)
            request.logStart(of: scan)
            return .seeOther(Self.path.with(.scanStarted))
        } again: {
            try await page($0, $1)
        }
    }

    // MARK: Keeping up to date

    private var keep: Route {
        SettingsForm(
            path: Self.path.text + "/{id}/upkeep", name: "changeRootOnPage",
            summary: "Change how a library root is kept up to date, from a page", parameters: [ParameterSpec(.id)],
            fields: [.init(UpkeepForm.watch), .init(UpkeepForm.schedule), .init(UpkeepForm.other)]
        ).route { request in
            let upkeep = try UpkeepForm.read(request.body)
            try await services.scans.setUpkeep(upkeep, ofRoot: request.require(.id))
            return .seeOther(Self.path.with(.rootChanged))
        } again: { request, state in
            try await page(request, state, ofRoot: request.require(.id))
        }
    }

    // MARK: Removing

    private var removal: [Route] {
        ConfirmedForm(
            path: Self.path.text + "/{id}/remove",
            ask: ("removeRootPage", "Ask whether a library root is to be removed"),
            act: ("removeRootOnPage", "Remove a library root, from a page"), takesLong: true
        ).routes { request in
            let root = try await services.scans.libraryRootStatus(id: request.require(.id))
            return Confirmation(
                title: "Remove this folder?", section: .roots,
                sentences: RootRemoval.sentences(root.path, tracks: root.tracks), act: "Remove it",
                action: Self.path(root.id, "remove"), back: Self.path)
        } _: { request in
            try await services.scans.removeLibraryRoot(id: try request.require(.id))
            return .seeOther(Self.path.with(.rootRemoved))
        }
    }
}
