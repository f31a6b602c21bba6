import Domain
import HTTPTypes
import Hummingbird
import Logging
import Telemetry
import UseCases

/// The one way to the audio of a track, for whoever listens: its file as it is, or encoded anew. Every kind of route that
/// gives out audio goes through the same door, so that limits hold for all of them together.
struct ListeningDoor: Sendable {
    /// What is known of a request besides what it wishes.
    struct Asking: Sendable {
        let headers: HTTPFields
        let client: ClientPresence
        /// Who listens.
        let accountID: Int64
        /// Only the head of the answer is wanted: nothing is encoded.
        let isHead: Bool
        let logger: Logger
        /// Where the library lies is nobody's affair there: problems tell of no path.
        var hidesPaths = false
    }

    private let files: FileDoor
    private let transcoder: (any AudioTranscoder)?
    private let presence: PlaybackPresence
    private let patience: Duration

    init(services: APIServices, options: APIOptions) {
        files = FileDoor(
            files: services.files, scans: services.scans, slots: StreamSlots(limit: options.maxListeners),
            patience: options.listenerPatience)
        transcoder = services.transcoder
        presence = services.presence
        patience = options.listenerPatience
    }

    /// Throws a `Problem`: 410 for a file that is gone, 422 for one that cannot be decoded, 429 with `Retry-After` when as
    /// many are encoded as may be or the account has its share of what is read at once, 503 when as many listen as may.
    func response(to asking: Asking, for track: Track, _ wish: StreamWish) async throws -> Response {
        let plan = StreamPlan.choose(
            wish, of: track.properties, fileBytes: track.facts.size, isPart: track.segment != nil)
        do {
            switch plan {
            case .original: return try await original(of: track, asking, listener: presence)
            case .transcode(let profile): return try await transcode(track, profile, wish, asking)
            }
        } catch let failure as Failure where failure.reason != .internalError {
            throw problem(of: failure, asking)
        }
    }

    /// The file, as one that is to be kept; of a part of a file, the part alone.
    func download(of track: Track, _ asking: Asking) async throws -> Response {
        if track.segment != nil {
            var response = try await response(to: asking, for: track, StreamWish(format: .raw))
            response.headers[.contentDisposition] = AttachmentName.header(track.nameOfPart.utf8)
            return response
        }
        do {
            // Nobody listens to it yet: analysis goes on.
            var response = try await original(of: track, asking, listener: nil)
            response.headers[.contentDisposition] = AttachmentName.header(track.path.lastComponent)
            return response
        } catch let failure as Failure where failure.reason != .internalError {
            throw problem(of: failure, asking)
        }
    }

    private func problem(of failure: Failure, _ asking: Asking) -> Problem {
        let problem = Problem.ofListening(failure)
        guard asking.hidesPaths else { return problem }
        asking.logger.debug(
            "A track could not be listened to", metadata: [LogKeys.error: .string(failure.message)])
        return Problem(problem.status, Problem.words(for: failure.reason), headers: problem.headers)
    }

    private func original(
        of track: Track, _ asking: Asking, listener: PlaybackPresence?
    ) async throws -> Response {
        let stream = try await files.open(track.path, for: asking.accountID)
        // Kept by the listener alone, and asked about before it is used again.
        var headers: HTTPFields = [
            .contentType: AudioMediaType.of(track.path), .cacheControl: "private, no-cache",
        ]
        headers[.contentDuration] = Self.seconds(track.durationMs)
        return try stream.response(
            to: asking.headers, isHead: asking.isHead, asking.client, headers: headers, listener: listener)
    }

    private func transcode(
        _ track: Track, _ profile: TranscodeProfile, _ wish: StreamWish, _ asking: Asking
    ) async throws -> Response {
        guard let transcoder else {
            throw Problem(.notImplemented, "this server does not encode audio; format=raw gives the file as it is")
        }
        let leftMs = track.durationMs.map { max(0, $0 - profile.fromMs) }
        // Of what was listened to, the length is exact. What a tag says of it may be an estimate, and then the end would be
        // cut off.
        let length = wish.wantsLength ? track.analysis.flatMap { profile.bytesMax(durationMs: $0.durationMs) } : nil
        var headers: HTTPFields = [
            .contentType: profile.format.mediaType, .cacheControl: "private, no-store", .acceptRanges: "none",
        ]
        headers[.contentDuration] = Self.seconds(leftMs)
        if asking.isHead {
            try await expectSomething(of: track, from: profile, leftMs, asking)
            return Response(
                status: .ok, headers: headers, body: ResponseBody(contentLength: length) { try await $0.finish(nil) })
        }
        let (slot, file) = try await files.admit(track.path, for: asking.accountID)
        let audio: any TranscodedAudio
        do {
            audio = try await transcoder.begin(
                TranscodeJob(
                    file: file, profile: profile, stretch: track.segment?.stretch,
                    labels: .init(
                        title: track.displayTitle, artist: track.displayArtist,
                        album: track.metadata.album), accountID: asking.accountID))
        } catch let busy as TranscodersBusy {
            throw Problem.tryLater(
                .tooManyRequests, "as many tracks are being encoded as this server does at once",
                seconds: busy.retryAfterSeconds)
        }
        let stream = TranscodeStream(
            audio: audio, slot: slot, patience: patience, presence: presence, logger: asking.logger, trackID: track.id)
        return Response(status: .ok, headers: headers, body: stream.body(length: length, for: asking.client))
    }

    /// What can be known without encoding: that the file is there, and does not end before the place that is asked for.
    private func expectSomething(
        of track: Track, from profile: TranscodeProfile, _ leftMs: Int?, _ asking: Asking
    ) async throws {
        _ = try await files.open(track.path, for: asking.accountID)
        guard leftMs != 0 || profile.fromMs == 0 else {
            throw Failure(.corruptFile, "no audio could be decoded behind \(profile.fromMs) ms")
        }
    }

    private static func seconds(_ durationMs: Int?) -> String? {
        durationMs.map { "\($0 / 1000).\(String($0 % 1000 + 1000).dropFirst())" }
    }
}

extension HTTPField.Name {
    /// Seconds of audio in the answer.
    static let contentDuration = HTTPField.Name("X-Content-Duration")!
}

extension Problem {
    /// Why a file cannot be listened to. A mistake of the server's own is none of these: it goes to the log as it is.
    static func ofListening(_ failure: Failure) -> Problem {
        switch failure.reason {
        case .fileGone, .outsideRoot: Problem(.gone, failure.message)
        case .rootUnavailable:
            .tryLater(.serviceUnavailable, failure.message, seconds: 30)
        default: ofFile(failure)
        }
    }

    /// The same for every file.
    fileprivate static func words(for reason: Failure.Reason) -> String {
        switch reason {
        case .fileGone, .outsideRoot: "the file of this track is gone"
        case .rootUnavailable: "the folder of this track's library is not there now"
        case .fileChanged: "the file of this track changes"
        case .unreadable: "this server may not read the file of this track"
        default: "the file of this track cannot be played"
        }
    }
}
