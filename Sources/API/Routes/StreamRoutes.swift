import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/tracks/{id}/stream` and `/v1/tracks/{id}/download`: a track for whoever listens.
struct StreamRoutes: Sendable {
    let services: APIServices
    let door: ListeningDoor

    private static let format = Parameter(
        "format", Scalar<StreamWish.Format>.choice,
        "What it should be encoded as. raw: the file as it is, whatever else is asked. When absent: the file as it is, or "
            + "mp3 (for Opus files opus) where that cannot be. A track that is a part of its file is cut out: as FLAC where the file is "
            + "lossless, else encoded anew.")
    private static let maxBitRate = Parameter(
        "max_bit_rate", .integer(1...10_000), "kbit/s at most; a file that has more is encoded anew.")
    private static let timeOffset = Parameter(
        "time_offset", Scalar<Double>.number(0...1_000_000),
        "Seconds to leave out at the beginning, of what is encoded.")
    private static let estimateLength = Parameter(
        "estimate_length", .flag,
        "True: an encoded answer has a Content-Length where that can be told (mp3 and opus, of tracks that were analysed); "
            + "zero bytes fill it up.")

    var routes: [Route] { [stream, download] }

    private var stream: Route {
        Route(
            .get, "/v1/tracks/{id}/stream", "streamTrack", "Listen to a track: its file, or encoded anew",
            access: .user,
            parameters: [
                ParameterSpec(.id), ParameterSpec(Self.format), ParameterSpec(Self.maxBitRate),
                ParameterSpec(Self.timeOffset), ParameterSpec(Self.estimateLength),
            ] + FileDoor.parameters, answers: FileDoor.answers(AudioMediaType.all),
            problems: [.gone, .rangeNotSatisfiable, .unprocessableContent, .tooManyRequests, .notImplemented]
        ) { request in
            let wish = StreamWish(
                format: try request.optional(Self.format), maxKbps: try request.optional(Self.maxBitRate),
                fromMs: try request.optional(Self.timeOffset).map { Int($0 * 1000) } ?? 0,
                wantsLength: try request.optional(Self.estimateLength) ?? false)
            let track = try await services.catalogue.track(id: try request.require(.id))
            return try await door.response(to: try request.asking, for: track, wish)
        }.waiting()
    }

    private var download: Route {
        Route(
            .get, "/v1/tracks/{id}/download", "downloadTrackFile",
            "Keep the file of a track, as it is; of a part of a file, the part", access: .user,
            parameters: [ParameterSpec(.id)] + FileDoor.parameters, answers: FileDoor.answers(AudioMediaType.all),
            problems: [.gone, .rangeNotSatisfiable, .unprocessableContent, .tooManyRequests]
        ) { request in
            let track = try await services.catalogue.track(id: try request.require(.id))
            return try await door.download(of: track, try request.asking)
        }.waiting()
    }
}

extension APIRequest {
    fileprivate var asking: ListeningDoor.Asking {
        get throws {
            .init(headers: headers, client: client, accountID: try account(), isHead: isHead, logger: logger)
        }
    }
}

/// The media type of a file of the library by the end of its name, as browsers know it (RFC 6381 and usage).
enum AudioMediaType {
    static func of(_ path: FilePath) -> String {
        let name = path.lastComponent
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        let ending = String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
        return types[ending] ?? unknown
    }

    static var all: [String] { types.values + [unknown] }

    private static let unknown = "application/octet-stream"

    private static let types = [
        "aac": "audio/aac", "aif": "audio/aiff", "aifc": "audio/aiff", "aiff": "audio/aiff", "ape": "audio/x-ape",
        "asf": "audio/x-ms-wma", "caf": "audio/x-caf",
        "dsf": "audio/x-dsf", "flac": "audio/flac", "m4a": "audio/mp4", "m4b": "audio/mp4", "mka": "audio/x-matroska",
        "mp2": "audio/mpeg", "mp3": "audio/mpeg", "mp4": "audio/mp4", "mpc": "audio/x-musepack", "oga": "audio/ogg",
        "ogg": "audio/ogg",
        "opus": "audio/ogg", "spx": "audio/ogg", "tta": "audio/x-tta", "wav": "audio/wav", "weba": "audio/webm",
        "webm": "audio/webm", "wma": "audio/x-ms-wma",
        "wv": "audio/x-wavpack",
    ]
}
