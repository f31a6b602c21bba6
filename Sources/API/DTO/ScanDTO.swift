import Contracts
import Domain

extension Shape where Value == Scan {
    static let scan = Shape.object("Scan") {
        Field("id", .text, "A UUID.") { $0.id }
        Field("path", .path) { $0.path }
        Field("mode", .choice) { $0.mode }
        Field("priority", .priority) { $0.priority }
        Field("until", .choice, "The last stage that files of this scan go through.") { $0.until }
        Field("cause", .choice, causes) { $0.cause }
        Field("state", .scanState) { $0.state }
        Field(optional: "task_id", .integer, "The task that walks the folder.") { $0.taskID }
        Field("progress", .progress) { $0.progress }
        Field(optional: "notice", .text, "What the user should know about this scan.") { $0.notice }
        Field("created_at", .time) { $0.createdAt }
        Field(optional: "walked_at", .time, "When the walk over the folder ended.") { $0.walkedAt }
        Field(optional: "finished_at", .time, "When the last task of the scan ended.") { $0.finishedAt }
    }

    private static let causes =
        "Who wanted it: somebody who asked, a watcher that saw changes, or the schedule of the library root."

    /// The last of a library root, in short.
    static let lastOfRoot = Shape.object("LastScan") {
        Field("id", .text, "A UUID.") { $0.id }
        Field("state", .scanState) { $0.state }
        Field("cause", .choice, causes) { $0.cause }
        Field("created_at", .time) { $0.createdAt }
        Field(optional: "finished_at", .time, "When the last task of the scan ended.") { $0.finishedAt }
    }

    /// The answer to a new scan.
    static let accepted = Shape.object("ScanAccepted") {
        Field("scan_id", .text) { $0.id }
        Field(optional: "task_id", .integer) { $0.taskID }
    }
}

extension Shape where Value == Scan.State {
    static let scanState = Shape(Schema(["type": "string", "enum": .array(names.map { .string($0) })])) {
        $1.string($0.rawValue)
    }

    private static let names = [Scan.State.queued, .running, .finished, .cancelled, .failed].map(\.rawValue)
}

extension Scan.State {
    /// True when nothing about the scan changes any more.
    var isFinal: Bool {
        switch self {
        case .queued, .running: false
        case .finished, .cancelled, .failed: true
        }
    }
}

extension Shape where Value == ScanProgress {
    static let progress = Shape.object("ScanProgress") {
        Field("folders", .count) { $0.folders }
        Field("found", .count, "Audio files seen by the walk.") { $0.found }
        Field("unchanged", .count) { $0.unchanged }
        Field("refused", .count, "Known to be bad and not changed since, so not tried again by a quick scan.") {
            $0.refused
        }
        Field(
            "moved", .count,
            "Tracks whose file was found at another place; those that were retagged, too, count as indexed as well."
        ) { $0.moved }
        Field("missing", .count, "Tracks whose file was not found, and was not found elsewhere while the scan ran.") {
            $0.missing
        }
        Field("indexed", .count) { $0.indexed }
        Field("analyzed", .count) { $0.analyzed }
        Field("vectorized", .count) { $0.vectorized }
        Field("cached", .count, "Files whose content was known, so that nothing was computed.") { $0.cached }
        Field("failed", .count) { $0.failed }
        Field("tasks_queued", .count) { $0.tasksQueued }
        Field("tasks_done", .count) { $0.tasksDone }
        Field("tasks_left", .count) { $0.tasksLeft }
    }
}
