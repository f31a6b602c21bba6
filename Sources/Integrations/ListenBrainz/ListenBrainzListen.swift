import Contracts
import Domain
import Foundation

/// One listen as ListenBrainz takes it: nothing that makes it refuse a whole batch.
struct ListenBrainzListen: Encodable {
    struct Metadata: Encodable {
        let artist_name: String
        let track_name: String
        let release_name: String?
        let additional_info: Info
    }

    struct Info: Encodable {
        var recording_mbid: String?
        var release_mbid: String?
        var artist_mbids: [String]?
        var isrc: String?
        var tracknumber: Int?
        var duration_ms: Int?
        let submission_client = "Sillon"
        let media_player = "Sillon"
    }

    /// Not with what plays now.
    let listened_at: Int64?
    let track_metadata: Metadata

    /// 2002-10-01: nothing older is taken.
    static let oldest: Int64 = 1_033_410_600
    /// 10,240 bytes are allowed on average; the list's own characters are left room.
    static let bytesMax = 10_000
    /// 24 days.
    private static let durationMsMax = 24 * 24 * 3_600_000
    private static let artistIDsMax = 50

    enum Refusal: Error, Hashable {
        case because(String)
    }

    init(_ listen: Listen, isNow: Bool) {
        var info = Info()
        info.recording_mbid = listen.recordingID.flatMap { MusicBrainzID($0)?.text }
        info.release_mbid = listen.releaseID.flatMap { MusicBrainzID($0)?.text }
        let artists = listen.artistIDs.prefix(Self.artistIDsMax).compactMap { MusicBrainzID($0)?.text }
        info.artist_mbids = artists.isEmpty ? nil : artists
        info.isrc = Self.clean(listen.isrc)
        info.tracknumber = listen.trackNumber
        info.duration_ms = listen.durationMs.flatMap { (1...Self.durationMsMax).contains($0) ? $0 : nil }
        listened_at = isNow ? nil : listen.startedAt
        track_metadata = Metadata(
            artist_name: Self.clean(listen.artist) ?? "", track_name: Self.clean(listen.title) ?? "",
            release_name: Self.clean(listen.album), additional_info: info)
    }

    /// The JSON of it; throws for what ListenBrainz would refuse.
    func json() throws(Refusal) -> String {
        guard !track_metadata.artist_name.isEmpty, !track_metadata.track_name.isEmpty else {
            throw .because("it has no artist or no title")
        }
        guard listened_at ?? Self.oldest >= Self.oldest else {
            throw .because("it was played before ListenBrainz counts, in October 2002")
        }
        let json = ContractJSON.encode(self)
        guard json.utf8.count <= Self.bytesMax else { throw .because("its names are too long for ListenBrainz") }
        return json
    }

    /// Without NUL, which is refused; nil for nothing.
    private static func clean(_ text: String?) -> String? {
        guard let text = text?.replacing("\0", with: ""), text.contains(where: { !$0.isWhitespace }) else { return nil }
        return text
    }
}
