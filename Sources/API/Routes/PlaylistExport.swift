import Contracts
import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import UseCases

/// `/v1/playlists/{id}/export.m3u8`
struct PlaylistExport: Sendable {
    let services: APIServices

    private enum Paths: String, CaseIterable, Sendable {
        case absolute, relative
    }

    private static let paths = Parameter(
        "paths", Scalar<Paths>.choice,
        "absolute when absent; relative: from the library root that holds the track, so that the file works there.")
    private static let mediaType = "application/vnd.apple.mpegurl"
    /// Tracks that are in memory at a time.
    private static let tracksAtOnce = 500

    var route: Route {
        Route(
            .get, "/v1/playlists/{id}/export.m3u8", "exportPlaylist", "Save a playlist as a file", access: .user,
            parameters: [ParameterSpec(.id), ParameterSpec(Self.paths)],
            answers: [
                .init(
                    status: .ok, description: "An extended M3U playlist in UTF-8.",
                    content: [Self.mediaType: Schema(["type": "string"])])
            ]
        ) { request in
            let (id, reader) = (try request.require(.id), try request.reader())
            let paths = try request.optional(Self.paths) ?? .absolute
            let playlist = try await services.playlists.playlist(id: id, for: reader)
            let ids = try await services.playlists.trackIDs(ofPlaylist: id, for: reader)
            let roots = paths == .relative ? try await services.scans.libraryRoots() : []
            let catalogue = services.catalogue
            return Response(
                status: .ok,
                headers: [
                    .contentType: Self.mediaType, .cacheControl: "private, no-cache",
                    .contentDisposition: "attachment; filename=\"playlist-\(id).m3u8\"",
                ],
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: M3U.head(name: playlist.name)))
                    for start in stride(from: 0, to: ids.count, by: Self.tracksAtOnce) {
                        let some = Array(ids[start..<min(start + Self.tracksAtOnce, ids.count)])
                        let text = try await catalogue.tracks(ids: some).map { Self.entry($0, roots) }.joined()
                        try await writer.write(ByteBuffer(string: text))
                    }
                    try await writer.finish(nil)
                })
        }
    }

    private static func entry(_ track: Track, _ roots: [FilePath]) -> String {
        let title = [track.displayArtist, track.displayTitle].filter { !$0.isEmpty }.joined(separator: " - ")
        return M3U.entry(
            title: title, durationMs: track.analysis.map(\.durationMs) ?? track.properties.durationMs,
            path: track.path, from: roots.first { $0.contains(track.path) })
    }
}
