import Contracts
import Domain
import Telemetry
import UseCases

extension Shape where Value == Int64 {
    /// A random 64-bit number, as text: JSON readers with doubles would spoil it.
    static let token = Shape(Schema(["type": "string", "pattern": "^[0-9]+$"])) { $1.string(String($0)) }
}

extension Shape where Value == LeasedTask {
    static let leasedTask = Shape.object("LeasedTask") {
        Field("task_id", .integer) { $0.lease.taskID }
        Field("lease", .token, "The fencing token; the result has to carry it.") { $0.lease.token }
        Field("task", .choice) { $0.kind }
        Field("version", .count) { $0.version }
        Field("payload", .text, "JSON, unchanged since it was queued.") { $0.payload }
        Field("run", .count, "1 for the first run of this task.") { $0.run }
        Field(optional: "traceparent", .text, "W3C Trace Context: the parent of its run's span.") { $0.trace?.text }
    }
}

extension Shape where Value == [LeasedTask] {
    static let leased = Shape.object("Lease") {
        Field("tasks", Shape<LeasedTask>.leasedTask.list, "None when the time was up.") { $0 }
    }
}

extension Shape where Value == [Int64] {
    static let renewed = Shape.object("Renewed") {
        Field("cancelled", Shape<Int64>.integer.list, "Tasks that the worker holds and is to stop.") { $0 }
    }
}

extension Shape where Value == Verdict {
    static let verdict = Shape(Schema(["type": "string", "enum": ["accepted", "stale"]])) {
        $1.string($0 == .accepted ? "accepted" : "stale")
    }
}

extension Shape where Value == [Verdict] {
    static let verdicts = Shape.object("Verdicts") {
        Field(
            "verdicts", Shape<Verdict>.verdict.list,
            "One for each result, in order. stale: the lease had ended, and the result was thrown away."
        ) { $0 }
    }
}

extension Shape where Value == KnownFolder {
    static let knownFolder = Shape.object("KnownFolder") {
        Field("id", .integer) { $0.id }
        Field("path", .path) { $0.path }
    }
}

extension Shape where Value == [KnownFolder] {
    static let knownFolders = Shape.object("KnownFolders") {
        Field("folders", Shape<KnownFolder>.knownFolder.list, "What the catalogue has in the scope of the scan.") { $0 }
    }
}

extension Shape where Value == WalkDirective {
    static let directive = Shape.object("WalkDirective") {
        Field("proceed", .flag, "False: the scan was cancelled or the lease has ended.") { $0 != .stop }
        Field(
            "look_at", Shape<FilePath>.path.list,
            "Files that may have been moved to where they were reported: those that are gone from here belong in the "
                + "next report."
        ) { directive in
            guard case .proceed(let paths) = directive else { return [] }
            return paths
        }
    }
}

extension Shape where Value == Bool {
    static let knownContent = Shape.object("KnownContent") {
        Field("known", .flag, "True: this audio was listened to by that version.") { $0 }
    }
}
