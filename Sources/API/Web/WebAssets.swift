import Contracts
import Crypto
import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Styles, scripts and pictures of the pages: files of this package, inside the program.
struct WebAssets: Sendable {
    struct Asset: Sendable {
        let mediaType: String
        let bytes: [UInt8]
        let tag: String
    }

    private static let files: [String: Asset] = [
        "sillon.css": asset("text/css; charset=utf-8", PackageResources.sillon_css),
        "library.css": asset("text/css; charset=utf-8", PackageResources.library_css),
        "icon.svg": asset("image/svg+xml", PackageResources.icon_svg),
        "copy.js": script(PackageResources.copy_js),
        "deck.js": script(PackageResources.deck_js),
        "live.js": script(PackageResources.live_js),
        "map.js": script(PackageResources.map_js),
        "panel.js": script(PackageResources.panel_js),
        "player.js": script(PackageResources.player_js),
        "plot.js": script(PackageResources.plot_js),
        "points.js": script(PackageResources.points_js),
        "palette.js": script(PackageResources.palette_js),
        "queue.js": script(PackageResources.queue_js),
        "server.js": script(PackageResources.server_js),
        "visit.js": script(PackageResources.visit_js),
    ]

    /// Of all files together. It is part of their paths, so that browsers may keep them for ever, and the modules of one
    /// page are of one build.
    private static let edition = shortHash(files.sorted { $0.key < $1.key }.flatMap { Array($0.value.tag.utf8) })

    static func path(_ name: String) -> LocalPath {
        guard files[name] != nil, let path = LocalPath("/assets/\(edition)/\(name)") else {
            preconditionFailure("there is no asset \(name)")
        }
        return path
    }

    private static let editionParameter = Parameter("edition", in: .path, .text(1...64), "Of which build.")
    private static let nameParameter = Parameter("name", in: .path, .text(1...64), "Which file.")

    static var routes: [Route] {
        let text = Schema(["type": "string"])
        return [
            Route(
                .get, "/assets/{edition}/{name}", "getAsset", "Get a style or script of the pages", access: .open,
                parameters: [ParameterSpec(editionParameter), ParameterSpec(nameParameter)],
                answers: [
                    .init(
                        status: .ok, description: "The file.",
                        content: [
                            "text/css": text, "text/javascript": text, "image/svg+xml": text,
                        ]),
                    .init(status: .notModified, description: "The client has it.", content: [:]),
                ]
            ) { request in
                guard let file = files[try request.require(nameParameter)] else { throw Problem.notFound }
                return answer(file, request, isCurrent: try request.require(editionParameter) == edition)
            }
        ]
    }

    /// A page of another build gets today's file, and asks again the next time.
    private static func answer(_ file: Asset, _ request: APIRequest, isCurrent: Bool) -> Response {
        var headers: HTTPFields = [
            .eTag: file.tag, .cacheControl: isCurrent ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        guard !request.has(file.tag) else { return Response(status: .notModified, headers: headers) }
        headers[.contentType] = file.mediaType
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    private static func script(_ bytes: [UInt8]) -> Asset { asset("text/javascript; charset=utf-8", bytes) }

    private static func asset(_ mediaType: String, _ bytes: [UInt8]) -> Asset {
        Asset(mediaType: mediaType, bytes: bytes, tag: "\"\(shortHash(bytes))\"")
    }

    private static func shortHash(_ bytes: [UInt8]) -> String {
        Hex.encode(Array(SHA256.hash(data: bytes).prefix(8)))
    }
}
