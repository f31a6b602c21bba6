import Domain
import HTTPTypes
import NIOCore
import Synchronization
import TestSupport
import Testing
import UseCases

@testable import API

/// What the API makes of an encoder; that of the real one is tried where it is made.
@Suite(.timeLimit(.minutes(2))) struct TranscodeRoutesTests {
    private let transcoder = ScriptedTranscoder()
    private let presence = PlaybackPresence()

    private func server(_ change: (inout APIOptions) -> Void = { _ in }) throws -> TestServer {
        let server = try TestServer(transcoder: transcoder, presence: presence, change)
        server.store.change { state in
            state.tracks[0] = MemoryStore.track(id: 1, path: FilePath("/music/a/One \"x\" é\u{202E}.mp3"))
            state.files = [state.tracks[0].path: Array(0..<100)]
        }
        return server
    }

    private func stream(_ query: String, _ method: HTTPRequest.Method = .get) async throws -> Answer {
        try await server().send(method, "/v1/tracks/1/stream" + query, as: "user")
    }

    @Test("What is wished decides between the file and an encoding")
    func plan() async throws {
        #expect(try await stream("?format=raw&max_bit_rate=64&time_offset=3").body.readableBytes == 100)
        #expect(try await stream("?max_bit_rate=320").headers[.acceptRanges] == "bytes")
        #expect(transcoder.jobs.isEmpty)
        let answer = try await stream("?max_bit_rate=130&time_offset=1.5")
        #expect(answer.status == 200 && Array(answer.body.readableBytesView) == Array(0..<250))
        #expect(answer.headers[.contentType] == "audio/mpeg" && answer.headers[.acceptRanges] == "none")
        #expect(answer.headers[.contentLength] == nil && answer.headers[.eTag] == nil)
        #expect(answer.headers[.contentDuration] == "198.500")
        let job = try #require(transcoder.jobs.last)
        #expect(job.profile == TranscodeProfile(format: .mp3, kbps: 128, fromMs: 1500, isConstant: true))
        #expect(job.file.root == FilePath("/music") && job.labels.album == "Album")
        #expect(try await stream("?format=opus").headers[.contentType] == "audio/ogg")
        #expect(try await stream("?format=aac").headers[.contentType] == "audio/aac")
        #expect(presence.pause() != nil, "somebody listens")
        for query in ["?format=wma", "?max_bit_rate=0", "?time_offset=-1", "?time_offset=nan", "?estimate_length=2"] {
            #expect(try await stream(query).status == 400, "\(query)")
        }
        #expect(try await TestServer().send(.get, "/v1/tracks/1/stream?format=opus", as: "user").status == 501)
    }

    @Test("The head of an answer is told without encoding anything")
    func head() async throws {
        let answer = try await stream("?format=mp3&max_bit_rate=128&estimate_length=true", .head)
        #expect(answer.status == 200 && answer.headers[.contentType] == "audio/mpeg")
        #expect((answer.headers[.contentLength].flatMap { Int($0) } ?? 0) > 200 * 16_000)
        #expect(transcoder.jobs.isEmpty)
    }

    @Test(
        "The head of an answer tells of a file that is gone, and of an end that lies before, as the answer itself does")
    func headRefused() async throws {
        #expect(try await stream("?format=opus&time_offset=199", .head).status == 200)
        let late = try await stream("?format=opus&time_offset=200", .head)
        #expect(late.status == 422 && late.headers[.failureReason] == "corrupt_file")
        let server = try server()
        server.store.change { $0.files = [:] }
        for method in [HTTPRequest.Method.get, .head] {
            #expect(try await server.send(method, "/v1/tracks/1/stream", as: "user").status == 410)
        }
        #expect(try await server.send(.head, "/v1/tracks/1/stream?format=opus", as: "user").status == 410)
    }

    @Test("Every ending that scans take for music has a media type")
    func mediaTypes() {
        let endings = [
            "aac", "aif", "aifc", "aiff", "ape", "asf", "caf", "dsf", "flac", "m4a", "m4b", "mka", "mp2", "mp3", "mp4",
            "mpc", "oga", "ogg", "opus", "spx", "tta", "wav", "weba", "webm", "wma", "wv",
        ]
        for ending in endings {
            #expect(AudioMediaType.of(FilePath("/music/a.\(ending)")).hasPrefix("audio/"), "\(ending)")
        }
    }

    @Test("An answer of estimated length has exactly that length, whatever the encoder gives")
    func length() async throws {
        let profile = TranscodeProfile(format: .mp3, kbps: 128, isConstant: true)
        let promised = try #require(profile.bytesMax(durationMs: 200_000))
        for pieces in [[1000], [promised], [promised - 1, 500], [promised + 5000]] {
            transcoder.script.withLock { $0.pieces = pieces.map { Array(repeating: 7, count: $0) } }
            let answer = try await stream("?max_bit_rate=128&estimate_length=true")
            #expect(answer.headers[.contentLength] == "\(promised)")
            let bytes = Array(answer.body.readableBytesView)
            let given = min(promised, pieces.reduce(0, +))
            #expect(bytes.count == promised && bytes[..<given].allSatisfy { $0 == 7 })
            #expect(bytes[given...].allSatisfy { $0 == 0 })
        }
        let unknown = try await stream("?format=aac&estimate_length=true")
        #expect(unknown.headers[.contentLength] == nil)
    }

    @Test("Too many are told to come back, and what cannot be decoded is told why")
    func refused() async throws {
        transcoder.script.withLock { $0.refusal = TranscodersBusy(retryAfterSeconds: 10) }
        let busy = try await stream("?format=opus")
        #expect(busy.status == 429 && busy.headers[.retryAfter] == "10")
        #expect(try await stream("").status == 200, "the file itself costs nothing")
        transcoder.script.withLock { $0.refusal = Failure(.corruptFile, "\"a\" is broken") }
        let broken = try await stream("?format=opus")
        #expect(broken.status == 422 && broken.text.contains("is broken"))
        #expect(broken.headers[.failureReason] == "corrupt_file")
    }

    @Test("An encoding that breaks off ends the connection, so that nobody takes it for the whole")
    func brokenOff() async throws {
        transcoder.script.withLock { $0.failure = Failure(.parserCrash, "it crashed") }
        let server = try server { $0.maxListeners = 1 }
        try await LiveServer.run(server) { live in
            let get =
                "GET /v1/tracks/1/stream?format=opus HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer user\r\n\r\n"
            for _ in 0..<3 {
                try await live.connect { connection in
                    try await connection.send(get)
                    let all = try await connection.readToEnd()
                    #expect(all.hasPrefix("HTTP/1.1 200 ") && !all.hasSuffix("\r\n0\r\n\r\n"))
                    #expect(all.lowercased().contains("transfer-encoding: chunked"))
                }
            }
            try await until("all were stopped") { transcoder.stopped.withLock(\.self) == 3 }
        }
    }

    @Test("Who hangs up stops the encoder")
    func hangUp() async throws {
        transcoder.script.withLock { $0.pieces = Array(repeating: Array(repeating: 1, count: 64 << 10), count: 1000) }
        try await LiveServer.run(try server()) { live in
            try await live.connect { connection in
                try await connection.send(
                    "GET /v1/tracks/1/stream?format=opus HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer user\r\n\r\n"
                )
                _ = try await connection.read(until: "200 OK")
            }
            try await until("it was stopped") { transcoder.stopped.withLock(\.self) == 1 }
            #expect(transcoder.taken.withLock(\.self) < 1000)
        }
    }

    @Test("A download is the file under its own name, with nothing in it that a client could take amiss")
    func download() async throws {
        let answer = try await server().send(.get, "/v1/tracks/1/download", as: "user", headers: [.range: "bytes=0-9"])
        #expect(answer.status == 206 && answer.body.readableBytes == 10 && answer.headers[.eTag] != nil)
        #expect(
            answer.headers[.contentDisposition]
                == "attachment; filename=\"One _x_ __.mp3\"; filename*=UTF-8''One%20%22x%22%20%C3%A9_.mp3")
        #expect(
            AttachmentName.header(Array("a/b\\c\r\nX: y%.mp3".utf8) + [0xFF])
                == "attachment; filename=\"a_b_c__X: y_.mp3_\"; filename*=UTF-8''a_b_c__X%3A%20y%25.mp3%EF%BF%BD")
        #expect(try await server().send(.get, "/v1/tracks/99/download", as: "user").status == 404)
    }
}

/// Gives what it is told to.
private final class ScriptedTranscoder: AudioTranscoder {
    struct Script {
        var pieces: [[UInt8]] = [Array(0..<200), Array(200..<250)]
        var refusal: (any Error)?
        /// After the pieces.
        var failure: Failure?
    }

    let script = Mutex(Script())
    let begun = Mutex<[TranscodeJob]>([])
    let stopped = Mutex(0)
    let taken = Mutex(0)

    var jobs: [TranscodeJob] { begun.withLock(\.self) }

    func begin(_ job: TranscodeJob) async throws -> any TranscodedAudio {
        let script = script.withLock(\.self)
        if let refusal = script.refusal { throw refusal }
        begun.withLock { $0.append(job) }
        return ScriptedAudio(self, script)
    }
}

private final class ScriptedAudio: TranscodedAudio {
    private let transcoder: ScriptedTranscoder
    private let left: Mutex<[[UInt8]]>
    private let failure: Failure?

    init(_ transcoder: ScriptedTranscoder, _ script: ScriptedTranscoder.Script) {
        self.transcoder = transcoder
        left = Mutex(script.pieces.reversed())
        failure = script.failure
    }

    func next() async throws -> [UInt8] {
        if let piece = left.withLock({ $0.popLast() }) {
            transcoder.taken.withLock { $0 += 1 }
            return piece
        }
        if let failure { throw failure }
        return []
    }

    func stop() { transcoder.stopped.withLock { $0 += 1 } }
}
