import Domain
import UseCases

/// One library root on its page: what is in it, how it is kept up to date, and what one may do with it.
struct RootBox {
    let root: LibraryRoot
    let form: UpkeepForm
    /// Microseconds since the epoch.
    let now: Int64

    private var status: LibraryRootStatus { root.status }

    func html(_ request: APIRequest) -> HTML {
        let path = status.path.display
        return HTML(.section, .named("box"), .init(.ariaLabelledBy, "root-\(status.id)")) {
            HTML(.header) {
                HTML(.h2, .id("root-\(status.id)"), .named("path")) { path }
                root.isReachable ? HTML.state("there", isGood: true) : HTML.state("not reachable", isBad: true)
            }
            facts.html
            HTML(.div, .named("actions")) {
                request.form(RootsPage.path(status.id, "scan")) {
                    HTML.submit("Scan", isPlain: false, label: "Scan \(path)")
                }
                HTML(
                    .a, .href(RootsPage.path(status.id, "remove")), .named("quiet"),
                    .init(.ariaLabel, "Remove \(path)")
                ) { "Remove…" }
            }
            form.html(request)
        }
    }

    private var facts: Facts {
        var facts = Facts()
        facts.add("Tracks", Amount.count(status.tracks))
        if status.missing > 0 {
            facts.add("Missing", "\(Amount.count(status.missing)), whose files were not found")
        }
        facts.add("Watched", root.coverage.map(watched))
        facts.add("Schedule", status.upkeep.schedule.words)
        facts.add("Next scan", nextScan)
        facts.add("Last scan", lastScan)
        facts.add("Added", HTML.time(status.addedAt))
        return facts
    }

    private static let serverIsOff =
        "This server watches no folders (SILLON_WATCH), or is about to begin with this one."

    private func watched(_ coverage: WatchCoverage) -> HTML {
        let gap = coverage.gap
        return HTML.state(coverage.words, isGood: coverage.isWhole, isBad: gap.map { $0 != .off } ?? false)
            + (root.lastChangeAt.map { HTML(text: ", last change ") + HTML.time($0) } ?? HTML())
            + (gap.map { HTML.hint($0 == .off && status.upkeep.watches ? Self.serverIsOff : $0.advice) } ?? HTML())
    }

    private var nextScan: HTML? {
        guard status.upkeep.schedule != .off else { return nil }
        guard let next = root.nextScanAt else { return nil }
        return next > now ? HTML.time(next) : HTML(text: "as soon as the one before it has ended")
    }

    private var lastScan: HTML {
        guard let scan = status.lastScan else { return HTML(text: "never") }
        let cause = scan.cause.words.map { ", \($0)" } ?? ""
        return HTML(text: scan.finishedAt == nil ? scan.state.rawValue : "\(scan.state.rawValue) ")
            + (scan.finishedAt.map { HTML.time($0) } ?? HTML()) + HTML(text: "\(cause), ")
            + HTML.link("tasks", TaskSelection(TaskFilter(scanID: scan.id)).path)
    }
}
