import Contracts
import Domain
import Files
import Glibc
import TestSupport
import Testing

/// A library full of traps: every file ends as a track or as a dead letter that names it, and nothing else happens.
@Suite(.serialized, .timeLimit(.minutes(6)))
struct HostileTreeTests {
    @Test("Every file of a hostile tree ends well or with a reason that names it, and the API answers all the time")
    func everyFile() async throws {
        let lab = try Lab()
        let tree = try await HostileTree(lab)
        let locked = try await lockedFiles(of: tree, lab)
        let traces = try ReadTraces.areKept(in: tree.outside)
        if !traces { print("this file system keeps no access times: only the catalogue is looked at") }
        ReadTraces.clear(tree.untouchable)
        let server = try await ServerProcess.start(lab, .up, wrapper: locked.wrapper)
        let (scan, pulse) = try await Pulse(server.api).during {
            try await server.api.scan(lab.music, limit: .seconds(300))
        }
        #expect(server.process.exit == nil)
        #expect(pulse.problems.isEmpty, "\(pulse.problems.prefix(5))")
        print("\(pulse.questions) questions during the scan, the slowest took \(pulse.slowest)")
        #expect(scan["state"]?.text == "finished")
        #expect(scan.progress("found") == tree.found + locked.files.count)
        try await expectGood(tree, server.api)
        try await expectAccountedFor(tree.doubtful + locked.files, server.api)
        try await expectNothingFromOutside(tree, server.api, traces: traces)
        try await expectCalm(server.process.id)
        let memory = Processes.peakMiB(server.process.id)
        print("the server had at most \(memory) MiB resident")
        #expect(memory < 512)
        try await expectQuietRescan(lab, retried: locked.files.count, server.api)
        #expect(try await server.stop() == .code(0))
    }

    /// Files and a folder that the server's user may not read.
    private func lockedFiles(of tree: HostileTree, _ lab: Lab) async throws -> (wrapper: [String], files: [FilePath]) {
        guard let wrapper = try await OtherUser.wrapper(for: lab) else { return ([], []) }
        let file = try tree.tree.write("locked/secret.mp3", [1, 2, 3])
        let hidden = try tree.tree.write("locked/folder/hidden.mp3", [1, 2, 3])
        for path in [file, hidden.parent] { try tree.tree.check(path.withCPath { chmod($0, 0) } == 0, "chmod", path) }
        return (wrapper, [file])
    }

    /// By bytes: two names that look the same are two files.
    private func expectGood(_ tree: HostileTree, _ api: Client) async throws {
        var titles: [FilePath: String] = [:]
        for track in try await api.list("/v1/tracks") {
            let path = try #require(FilePath(encoded: track["path"]?.text ?? ""))
            titles[path] = track["title"]?.text
            if tree.good[path] != nil { #expect(track["has_vector"]?.flag == true, "\(path.quoted)") }
        }
        for (path, title) in tree.good { #expect(titles[path] == title, "\(path.quoted)") }
    }

    private func expectAccountedFor(_ files: [FilePath], _ api: Client) async throws {
        let tracks = Set(try await api.list("/v1/tracks").compactMap { $0["path"]?.text })
        let reasons = try await api.list("/v1/tasks?state=dead").compactMap { task -> String? in
            print(task["last_failure"]?["reason"]?.text ?? "", task["last_failure"]?["message"]?.text ?? "")
            return task["last_failure"]?["message"]?.text
        }
        for file in files where !tracks.contains(file.encoded) {
            #expect(reasons.contains { $0.contains(file.quoted) }, "\(file.quoted) is nowhere")
        }
        for track in try await api.list("/v1/tracks") where track["has_vector"]?.flag != true {
            let path = try #require(FilePath(encoded: track["path"]?.text ?? ""))
            let isStated = track["analysis"]?.text.map { $0 != "complete" } ?? false
            #expect(isStated || reasons.contains { $0.contains(path.quoted) }, "\(path.quoted) was never heard")
        }
        let unfinished = try await api.list("/v1/tasks").filter {
            !["done", "dead", "cancelled"].contains($0["state"]?.text)
        }
        #expect(unfinished.isEmpty)
    }

    private func expectNothingFromOutside(_ tree: HostileTree, _ api: Client, traces: Bool) async throws {
        for track in try await api.list("/v1/tracks") {
            let path = try #require(FilePath(encoded: track["path"]?.text ?? ""))
            #expect(tree.tree.root.contains(path))
            #expect(track["title"]?.text != "canary", "\(path.quoted)")
            let isList = path.display.contains("/list.") || path.display.contains("/concat.")
            #expect(!isList, "a playlist is no music: \(path.quoted)")
        }
        if traces { for path in tree.untouchable { #expect(!ReadTraces.wasRead(path), "\(path.quoted) was read") } }
    }

    /// No child is left that works on a file nobody waits for.
    private func expectCalm(_ server: pid_t) async throws {
        try await until("no child of the server uses the processor", .seconds(60), every: .milliseconds(500)) {
            let before = Processes.descendants(of: server).map(\.ticks).reduce(0, +)
            try await Task.sleep(for: .milliseconds(500))
            return Processes.descendants(of: server).map(\.ticks).reduce(0, +) - before < 5
        }
    }

    /// What was refused is not tried again while it stays the same; what may not be read is, since nobody can see from
    /// the file whether it may be by now.
    private func expectQuietRescan(_ lab: Lab, retried: Int, _ api: Client) async throws {
        let rows = try Rows(lab)
        let before = try await rows.dump()
        let scan = try await api.scan(lab.music)
        #expect(scan.progress("tasks_queued") == 1 + retried, "\(scan)")
        let after = try await rows.dump()
        #expect(Set(after).symmetricDifference(before).isEmpty)
    }
}
