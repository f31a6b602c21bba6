import Contracts
import Domain
import Foundation
import TestSupport
import Testing

/// A real server, real media hosts, and pictures beside the music.
@Suite(.timeLimit(.minutes(3)))
struct CoverTests {
    private func picture(_ path: String, _ color: String) throws {
        try Tool.run(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "color=\(color):size=1200x900", "-frames:v", "1",
                path,
            ])
    }

    @Test("A picture beside the music becomes its album's, by itself, in the sizes that are asked for")
    func sidecar() async throws {
        let library = try await Library()
        let folder = library.lab.music + "/Shelf"
        // What comes first by its name is no picture, and harms nothing.
        try Data("<html>no</html>".utf8).write(to: URL(filePath: folder + "/cover.jpg"))
        try picture(folder + "/Folder.JPG", "teal")
        let server = try await library.served()
        let album = try await until("the album has a picture") {
            try await server.api.list("/v1/albums").first { $0["cover"]?.text != nil }
        }
        let id = try #require(album["id"]?.int)
        let whole = try await server.api.send(.get, "/v1/albums/\(id)/cover")
        let tile = try await server.api.send(.get, "/v1/albums/\(id)/cover?size=200")
        let row = try await server.api.send(.get, "/v1/albums/\(id)/cover?size=64")
        for answer in [whole, tile, row] {
            #expect(answer.status == 200 && answer.headers["content-type"] == "image/jpeg")
        }
        #expect(Set([whole, tile, row].compactMap { $0.headers["etag"] }).count == 3)
        let tag = try #require(tile.headers["etag"])
        let again = try await server.api.send(
            .get, "/v1/albums/\(id)/cover?size=250", headers: ["If-None-Match": tag])
        #expect(again.status == 304, "200 and 250 are the same drawing")
        let drawings = try FileManager.default.contentsOfDirectory(atPath: library.lab.data + "/covers")
        #expect(drawings.count == 2 && drawings.allSatisfy { $0.hasSuffix("-250.jpg") || $0.hasSuffix("-64.jpg") })
        #expect(try await server.api.list("/v1/tasks?state=dead").isEmpty)

        // A better name, and somebody who asks for it.
        try picture(folder + "/cover.png", "orange")
        try FileManager.default.removeItem(atPath: folder + "/cover.jpg")
        let task = try await server.api.ask(.post, "/v1/albums/\(id)/cover/refresh")
        #expect(task["task_id"]?.int != nil)
        try await until("the album has the other picture") {
            try await server.api.ask(.get, "/v1/albums/\(id)")["cover"]?.text != album["cover"]?.text
        }
        let png = try await server.api.send(.get, "/v1/albums/\(id)/cover")
        #expect(png.headers["content-type"] == "image/png")
        #expect(try await server.stop() == .code(0))
    }
}
