import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// Bytes: audio and pictures.
struct SubsonicMedia: Sendable {
    let services: APIServices
    let door: ListeningDoor
    let shelf: SubsonicShelf

    /// Pixels.
    private static let maxSide: Int64 = 8192
    /// Endings of files that name a format of ours.
    private static let formats: [String: StreamWish.Format] = [
        "raw": .raw, "mp3": .mp3, "opus": .opus, "ogg": .opus, "oga": .opus, "aac": .aac, "m4a": .aac,
    ]

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("stream", required: ["id"], answersBytes: true) { call in
                let track = try await services.catalogue.track(id: call.parameters.trackID())
                return .bytes(try await door.response(to: asking(call), for: track, wish(call.parameters, of: track)))
            },
            SubsonicMethod("download", required: ["id"], answersBytes: true) { call in
                let track = try await services.catalogue.track(id: call.parameters.trackID())
                return .bytes(try await door.download(of: track, asking(call)))
            },
            SubsonicMethod("getCoverArt", required: ["id"], answersBytes: true, handle: coverArt),
            SubsonicMethod("getAvatar", required: ["username"], answersBytes: true) { call in
                throw SubsonicError(.notFound, "There are no pictures of accounts here")
            },
        ]
    }

    private func asking(_ call: SubsonicCall) throws -> ListeningDoor.Asking {
        ListeningDoor.Asking(
            headers: call.headers, client: call.presence, accountID: try call.account().id, isHead: call.isHead,
            logger: call.logger, hidesPaths: true)
    }

    private func wish(_ parameters: SubsonicParameters, of track: Track) throws(SubsonicError) -> StreamWish {
        var format: StreamWish.Format?
        if let name = parameters.filled("format")?.lowercased() {
            format = Self.formats[name]
            // What the file is already needs no encoding.
            guard format != nil || [track.path.fileExtension, track.properties.codec, track.sentSuffix].contains(name)
            else {
                throw .invalid("format", "raw, mp3, opus or aac")
            }
        }
        let kbps = try parameters.integer("maxBitRate", to: Int64(Int32.max)) ?? 0
        let seconds = try parameters.integer("timeOffset", to: Int64(Int32.max)) ?? 0
        return StreamWish(
            format: format, maxKbps: kbps == 0 ? nil : Int(kbps), fromMs: Int(seconds) * 1000,
            wantsLength: try parameters.flag("estimateContentLength") ?? false)
    }

    // MARK: Pictures

    private func coverArt(_ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let id = try call.parameters.id()
        guard let hash = try await hash(id, call) else {
            throw SubsonicError(.notFound, "There is no picture of this")
        }
        // None is the picture as it is, and so is nothing.
        let side = try call.parameters.integer("size", to: Self.maxSide).flatMap { $0 > 0 ? $0 : nil }
        var isFixed = false
        if case .cover = id { isFixed = true }
        return .bytes(
            try await CoverDoor(services: services).response(
                to: call.headers, hash: hash, side: side.map { Int($0) },
                // What is named by its hash stays the same; the front of an album may become another.
                caching: isFixed ? "private, max-age=31536000, immutable" : "private, no-cache"))
    }

    private func hash(_ id: SubsonicID, _ call: SubsonicCall) async throws -> String? {
        switch id {
        case .cover(let hash): return hash
        case .track(let id):
            let track = try await services.catalogue.track(id: id)
            guard track.coverHash == nil, let albumID = track.albumID else { return track.coverHash }
            return try await services.catalogue.album(id: albumID).coverHash
        case .album(let id): return try await services.catalogue.album(id: id).coverHash
        case .artist(let id):
            _ = try await services.catalogue.artist(id: id)
            let page = PageRequest(limit: PageRequest.maxLimit)
            return try await services.catalogue.albums(artistID: id, page: page).items.compactMap(\.coverHash).first
        case .playlist(let id):
            return try await services.playlists.playlist(id: id, for: call.account().reader).coverHash
        case .folder: return nil
        }
    }
}
