import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/tracks/{id}/lyrics`
struct LyricsRoutes: Sendable {
    let services: APIServices

    var routes: [Route] {
        [
            .json(
                .get, "/v1/tracks/{id}/lyrics", "listLyrics", "Show the words of a track", access: .user,
                parameters: [ParameterSpec(.id)], answer: Shape<Lyrics>.lyrics.page("LyricsPage"),
                "From a .lrc or .txt file beside the music and from its tags; the best first, those with times."
            ) { request in
                let id = try request.require(.id)
                do {
                    return .whole(try await services.lyrics.lyrics(ofTrack: id))
                } catch let failure as Failure {
                    throw Problem.tryLater(.serviceUnavailable, failure.message, seconds: 30)
                }
            }
        ]
    }
}

extension APIServices {
    /// The words of tracks.
    var lyrics: FindLyrics { FindLyrics(catalogue: catalogue, scans: scans, files: files) }
}
