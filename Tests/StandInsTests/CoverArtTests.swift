import Testing

@testable import StandIns

@Suite struct CoverArtTests {
    private let bench: Bench<CoverArtService>

    init() {
        let hosts = CoverArtHosts()
        hosts.set(front: "http://127.0.0.1:1", archive: "http://127.0.0.1:2")
        bench = Bench(service: CoverArtService(store: CatalogueStore(), hosts: hosts))
    }

    @Test("A release sends to the archive on another host, with or without a scheme")
    func redirects() async throws {
        let release = try #require(Catalogue.demo.releases.first)
        let index = await bench.get("/release/\(release.id)")
        #expect(index.status == 307)
        #expect(index.header("Location") == "//127.0.0.1:2/download/mbid-\(release.id)/index.json")
        let front = try #require(await bench.get("/release/\(release.id)/front-500").header("Location"))
        #expect(front.hasPrefix("http://127.0.0.1:2/download/mbid-\(release.id)/mbid-\(release.id)-"))
        #expect(front.hasSuffix("_thumb500.jpg"))
    }

    @Test("What is malformed is 400, what is not there 404")
    func refusals() async throws {
        let release = try #require(Catalogue.demo.releases.first)
        let bare = try #require(Catalogue.demo.releases.first { $0.coverSeed == nil })
        for (target, status) in [
            ("/release/x", 400), ("/release/\(release.id.uppercased())", 400),
            ("/release/00000000-0000-4000-8000-000000000000", 404), ("/release/\(bare.id)/front", 404),
            ("/release/\(release.id)/front-300", 404), ("/release-group/\(release.groupID)/back", 400),
            ("/release-group/\(release.groupID)/front-250", 307), ("/", 404),
        ] {
            #expect(await bench.get(target).status == status, "\(target)")
        }
    }
}
