import Contracts
import Domain
import Testing
import UseCases

@testable import Remote

@Suite struct PureTests {
    @Test("A server that is away is spoken of when it goes, now and then, and when it is back")
    func outage() {
        var outage = Outage()
        let start = ContinuousClock.now
        var words = [outage.ended(), outage.failed(at: start)]
        #expect(words == [false, true])
        words = (1..<600).map { outage.failed(at: start + .seconds($0)) }
        #expect(!words.contains(true))
        words = [outage.failed(at: start + .seconds(600)), outage.failed(at: start + .seconds(601))]
        #expect(words == [true, false])
        words = [outage.ended(), outage.ended(), outage.failed(at: start + .seconds(602))]
        #expect(words == [true, false, true])
    }

    @Test(
        "A mapping is two absolute paths and an equals sign",
        arguments: [
            ("/srv/music=/mnt/nas", "/srv/music", "/mnt/nas"), ("/srv/=/mnt/nas//", "/srv", "/mnt/nas"),
            ("/a=b=/c", "/a=b", "/c"), ("/=/mnt", "/", "/mnt"),
        ])
    func rule(text: String, server: String, local: String) {
        let rule = PathMap.Rule(Array(text.utf8))
        #expect(rule == PathMap.Rule(server: FilePath(server), local: FilePath(local)))
    }

    @Test(
        "Anything else is no mapping",
        arguments: ["", "/a", "a=/b", "/a=b", "/a=/b=/c", "/a/../b=/c", "/a=/b/./c", "=/"])
    func noRule(text: String) {
        #expect(PathMap.Rule(Array(text.utf8)) == nil)
    }

    @Test("The longest mapping wins, by whole parts of paths and byte by byte")
    func locate() throws {
        let map = PathMap([
            .init(server: FilePath("/srv"), local: FilePath("/one")),
            .init(server: FilePath("/srv/jazz"), local: FilePath("/two")),
        ])
        let root = FilePath("/srv")
        #expect(map.locate(FilePath("/srv/pop/a.mp3"), beneath: root)?.path == FilePath("/one/pop/a.mp3"))
        let jazz = try #require(map.locate(FilePath("/srv/jazz/a.mp3"), beneath: root))
        #expect(jazz.path == FilePath("/two/a.mp3") && jazz.root == FilePath("/two"))
        #expect(map.locate(FilePath("/srv/jazzy/a.mp3"), beneath: root)?.path == FilePath("/one/jazzy/a.mp3"))
        #expect(map.locate(FilePath("/srvx/a.mp3"), beneath: root) == nil)
        let bytes = FilePath(bytes: Array("/srv/".utf8) + [0xFF])
        #expect(map.locate(bytes, beneath: root)?.path == FilePath(bytes: Array("/one/".utf8) + [0xFF]))
        #expect(jazz.rule.toServer(FilePath("/two/x/y")) == FilePath("/srv/jazz/x/y"))
    }

    @Test(
        "A token goes over plain HTTP only where nobody far away is on the way",
        arguments: [
            ("http://127.0.0.1:8080", ServerAddress.Reach.thisMachine), ("http://localhost", .thisMachine),
            ("http://[::1]:1", .thisMachine), ("http://192.168.1.5", .localNetwork),
            ("http://10.0.0.1/", .localNetwork),
            ("http://172.31.0.1", .localNetwork), ("http://pi.local:8080", .localNetwork), ("http://pi", .localNetwork),
            ("http://[fd00::1]", .localNetwork), ("https://example.org", .anywhere),
        ])
    func address(text: String, reach: ServerAddress.Reach) throws {
        let address = try ServerAddress(text)
        #expect(address.reach == reach && !address.url.hasSuffix("/"))
    }

    @Test(
        "A server far away without encryption is refused unless that is asked for",
        arguments: [
            "http://example.org", "http://8.8.8.8", "http://172.32.0.1", "http://127.0.0.1.example.org",
            "http://[2001:db8::1]", "http://10.1",
        ])
    func exposed(text: String) throws {
        #expect(throws: ServerAddress.Problem.exposesToken) { try ServerAddress(text) }
        #expect(try ServerAddress(text, allowsExposure: true).isOverheard)
    }

    @Test(
        "What is no address of a server is refused",
        arguments: ["", "pi.local", "ftp://pi", "http://", "http://a:b@pi", "http://pi?x=1", "https://pi#x"])
    func noAddress(text: String) {
        #expect(throws: ServerAddress.Problem.notAnAddress) { try ServerAddress(text) }
    }

    @Test("Pauses double up to a limit, and never undercut what the server asked for")
    func backoff() {
        let backoff = Backoff(first: .seconds(1), longest: .seconds(10))
        #expect(backoff.pause(failures: 1, asked: nil, unit: 0) == .seconds(0.5))
        #expect(backoff.pause(failures: 3, asked: nil, unit: 1) == .seconds(4))
        #expect(backoff.pause(failures: 60, asked: nil, unit: 1) == .seconds(10))
        #expect(backoff.pause(failures: 1, asked: 30, unit: 0) == .seconds(30))
        #expect(backoff.pause(failures: 1, asked: .infinity, unit: 0) == .seconds(0.5))
        #expect(backoff.pause(failures: 1, asked: 1e12, unit: 0) == .seconds(300))
    }

    @Test("Results are cut into requests by number and by the bytes of their pictures")
    func batches() {
        func settlement(_ bytes: Int) -> Settlement {
            let cover = CoverImage(hash: "", mediaType: "", data: Array(repeating: 0, count: bytes))
            let outcome = IndexCompleteOutcome(
                filePath: FilePath("/a"), rootPath: FilePath("/"),
                facts: FileFacts(size: 0, mtimeNs: 0, inode: 0, device: 0), metadata: TrackMetadata(),
                properties: AudioProperties(codec: ""), cover: cover)
            return Settlement(lease: Lease(taskID: 1, token: 1), result: .completed(.indexComplete(outcome)))
        }
        let megabytes = [5, 2, 2, 9, 1, 1].map { settlement($0 << 20) }
        #expect(ResultBatches(megabytes).map(\.count) == [2, 1, 1, 2])
        #expect(ResultBatches(Array(repeating: settlement(0), count: 1100)).map(\.count) == [500, 500, 100])
        #expect(ResultBatches([]).map(\.count) == [])
    }

    @Test("Who asks first is served first, and one who goes away does not hold up the others", .timeLimit(.minutes(1)))
    func fairLimit() async throws {
        let limit = FairLimit(10)
        let (entered, enter) = AsyncStream.makeStream(of: Void.self)
        let (leave, left) = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await limit.hold(8) {
                enter.yield()
                for await _ in leave { return }
            }
        }
        for await _ in entered { break }
        let large = Task { try await limit.hold(10) {} }
        large.cancel()
        await #expect(throws: CancellationError.self) { try await large.value }
        try await limit.hold(2) {}
        left.yield()
        try await first.value
        try await limit.hold(10) {}
        try await limit.hold(1000) {}
    }
}
