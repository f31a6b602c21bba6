import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/tracks/{id}/stream`: the original file, for whoever listens.
struct StreamRoutes: Sendable {
    private let services: APIServices
    private let door: FileDoor

    init(services: APIServices, options: APIOptions) {
        self.services = services
        door = FileDoor(
            files: services.files, scans: services.scans, slots: StreamSlots(limit: options.maxListeners),
            patience: options.listenerPatience)
    }

    var routes: [Route] {
        [
            Route(
                .get, "/v1/tracks/{id}/stream", "streamTrack", "Listen to a track: its file, as it is", access: .user,
                parameters: [ParameterSpec(.id)] + FileDoor.parameters, answers: FileDoor.answers(AudioMediaType.all),
                problems: [.gone, .rangeNotSatisfiable, .unprocessableContent]
            ) { request in
                let track = try await services.catalogue.track(id: try request.require(.id))
                let stream: FileStream
                do {
                    stream = try await door.open(track.path)
                } catch let failure as Failure {
                    throw Problem.ofListening(failure)
                }
                return try stream.response(
                    to: request,
                    // Kept by the listener alone, and asked about before it is used again.
                    headers: [
                        .contentType: AudioMediaType.of(track.path), .cacheControl: "private, no-cache",
                    ])
            }.waiting()
        ]
    }
}

extension Problem {
    fileprivate static func ofListening(_ failure: Failure) -> Problem {
        switch failure.reason {
        case .fileGone, .outsideRoot: Problem(.gone, failure.message)
        case .rootUnavailable:
            .tryLater(.serviceUnavailable, failure.message, seconds: 30)
        default: ofFile(failure)
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
        "aac": "audio/aac", "aif": "audio/aiff", "aiff": "audio/aiff", "ape": "audio/x-ape", "caf": "audio/x-caf",
        "dsf": "audio/x-dsf", "flac": "audio/flac", "m4a": "audio/mp4", "m4b": "audio/mp4", "mka": "audio/x-matroska",
        "mp3": "audio/mpeg", "mp4": "audio/mp4", "mpc": "audio/x-musepack", "oga": "audio/ogg", "ogg": "audio/ogg",
        "opus": "audio/ogg", "wav": "audio/wav", "weba": "audio/webm", "webm": "audio/webm", "wma": "audio/x-ms-wma",
        "wv": "audio/x-wavpack",
    ]
}
