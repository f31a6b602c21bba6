import Contracts
import Foundation
import TestSupport
import Testing

/// Traces and logs of several processes that work on one library.
@Suite(.serialized, .timeLimit(.minutes(6)))
struct TraceTests {
    private static let caller = "0af7651916cd43dd8448eb211c80319c"

    /// Three songs and a file that is none, a server, and two workers with parts of the work each.
    private struct Stage {
        let lab: Lab
        let server: ServerProcess
        let near: SpawnedProcess
        let far: SpawnedProcess

        init(_ environment: [String: String]) async throws {
            lab = try Lab()
            let tree = Tree(lab.music)
            for song in try await SongShelf.songs().prefix(3) { try tree.write(song.fileName, song.tagged()) }
            try tree.write("broken.flac", Array("fLaC and nothing else".utf8))
            let environment = environment.merging(["SILLON_LOG_LEVEL": "debug"]) { $1 }
            server = try await ServerProcess.start(lab, .serve, environment: environment)
            near = try lab.start(
                ["worker", "--roles", "indexer,vector", "--database", lab.data], environment: environment)
            let token = try await Fleet.workerToken(server.api, roles: "audio")
            far = try lab.start(
                ["worker", "--roles", "audio", "--server", server.api.base, "--cache", lab.folder + "/device"],
                environment: environment.merging(["SILLON_TOKEN": token.secret]) { $1 })
        }

        /// Scans, and stops all processes, which say the rest of what they have to say.
        func scan(_ headers: [String: String] = [:]) async throws {
            let scan = try await server.api.ask(
                .post, "/v1/scans", ["path": .string(lab.music)], headers: headers)["scan_id"]?.text
            let ended = try await server.api.ended(try #require(scan), .seconds(180))
            #expect(ended.progress("vectorized") == 3 && ended.progress("failed") == 1, "\(ended)")
        }

        func stop() async throws {
            for process in [near, far, server.process] { process.signal(SIGTERM) }
            for process in [near, far, server.process] { #expect(try await process.waitForExit() == .code(0)) }
        }
    }

    @Test(
        "One scan's file is one trace across a server and two workers, as OTLP has it, though the receiver was away at first"
    )
    func traces() async throws {
        let receiving = try Lab()
        let receiver = try await TraceReceiver(receiving, unavailable: 2)
        let stage = try await Stage(["SILLON_OTLP_ENDPOINT": receiver.url])
        try await stage.scan(["traceparent": "00-\(Self.caller)-b7ad6b7169203331-01"])
        let task = try #require(try await stage.server.api.list("/v1/tasks?kind=vectorize_track").first)
        try await stage.stop()
        let spans = try receiver.spans()
        #expect(Set(spans.map(\.id)).count == spans.count)

        let traces = Dictionary(grouping: spans, by: \.trace)
        let walk = try #require(traces[Self.caller])
        #expect(Set(walk.map(\.name)) == ["POST /v1/scans", "submit scan_library", "run scan_library"])
        expectConnected(walk, root: "b7ad6b7169203331")
        let files = traces.values.filter { $0.contains { $0.name == "run index_file" } }
        #expect(files.count == 4)
        for file in files {
            #expect(file.contains { $0.name == "submit index_file" && $0.links == [Self.caller] })
            expectConnected(file, root: "")
        }
        let chain: Set = [
            "submit index_file", "run index_file", "media_host tags", "submit analyze_audio", "run analyze_audio",
            "media_host content_key", "media_host analyze", "submit vectorize_track", "run vectorize_track",
        ]
        let whole = files.filter { $0.contains { $0.name == "run vectorize_track" } }
        #expect(whole.count == 3 && whole.allSatisfy { Set($0.map(\.name)) == chain && $0.count == chain.count })
        #expect(whole.allSatisfy { Set($0.compactMap(\.processID)).count == 3 }, "server and both workers")
        #expect(whole.contains { $0.first?.trace == task["trace_id"]?.text })
        for span in whole.joined() where span.name == "media_host analyze" {
            #expect((span.attribute("sillon.media_host.peak_memory")?.int ?? 0) > 1 << 20)
        }
        let broken = try #require(files.first { file in !whole.contains { $0.first?.trace == file.first?.trace } })
        let run = try #require(broken.first { $0.name == "run index_file" })
        #expect(run.hasFailed && run.attribute("error.type")?.text == "corrupt_file", "\(run.json)")
    }

    /// Every parent is a span of the same trace, or the one outside.
    private func expectConnected(_ trace: [TraceReceiver.Span], root: String) {
        let ids = Set(trace.map(\.id))
        for span in trace { #expect(ids.contains(span.parent) || span.parent == root, "\(span.json)") }
        #expect(trace.count { !ids.contains($0.parent) } == 1)
    }

    @Test("The id of a task finds its lines in the logs of server and worker, and every line is one event")
    func logs() async throws {
        let stage = try await Stage([:])
        try await stage.scan()
        let task = try #require(
            try await stage.server.api.list("/v1/tasks?kind=analyze_audio").first?["id"]?.int)
        let dead = try #require(try await stage.server.api.list("/v1/tasks?state=dead").first?["id"]?.int)
        try await stage.stop()
        let (server, near, far) = try (
            events(of: stage.server.process), events(of: stage.near), events(of: stage.far)
        )
        let id = String(task)
        #expect(server.filter { $0["task_id"]?.text == id }.messages == ["A task was leased", "A result came in"])
        #expect(far.filter { $0["task_id"]?.text == id }.messages == ["A task begins", "A task ended"])
        let failed = try #require(near.first { $0["task_id"]?.text == String(dead) && $0["level"]?.text == "notice" })
        #expect(failed["message"]?.text == "A task failed" && failed["reason"]?.text == "corrupt_file")
        #expect(failed["scan_id"]?.text?.isEmpty == false && failed["kind"]?.text == "index_file")
        #expect((server + near + far).allSatisfy { $0["trace_id"] == nil }, "nobody asked for traces")
    }

    /// Each line of standard output is one JSON object with what every event has.
    private func events(of process: SpawnedProcess) throws -> [JSONValue] {
        try Lab.text(process.output).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
            let event = try ContractJSON.decode(JSONValue.self, from: String(line))
            for name in ["time", "level", "message", "label"] { #expect(event[name]?.text != nil, "\(line)") }
            return event
        }
    }
}

extension [JSONValue] {
    fileprivate var messages: [String] { compactMap { $0["message"]?.text } }
}
