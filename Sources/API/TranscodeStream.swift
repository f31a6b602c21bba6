import Domain
import Hummingbird
import Logging
import NIOCore
import Telemetry
import UseCases

/// Audio that is being encoded, as the body of a response.
struct TranscodeStream: Sendable {
    let audio: any TranscodedAudio
    let slot: StreamSlots.Slot
    /// How long the client may take nothing.
    let patience: Duration
    let presence: PlaybackPresence
    let logger: Logger
    let trackID: Int64

    /// - Parameter length: Bytes that were promised. It is more than the encoder ever gives for what is known of the track;
    ///   the rest is zero bytes, behind the last frame. Should the file have grown since, its end is left out.
    func body(length: Int?, for client: ClientPresence) -> ResponseBody {
        ResponseBody(contentLength: length) { writer in
            let watch = StallWatch(limit: patience) { client.disconnect() }
            let listening = OpenStream(.transcode)
            defer {
                watch.end()
                audio.stop()
            }
            var left = length ?? .max
            while left > 0 {
                let bytes = try await next()
                guard !bytes.isEmpty else { break }
                let sent = bytes.prefix(left)
                if length != nil { left -= sent.count }
                try await writer.write(ByteBuffer(bytes: sent))
                watch.progress()
                presence.note()
            }
            if length != nil { try await Self.fill(left, &writer) }
            try await writer.finish(nil)
            withExtendedLifetime((slot, listening)) {}
        }
    }

    /// What has begun can only be cut off: the client sees that the answer has no end.
    private func next() async throws -> [UInt8] {
        do {
            return try await audio.next()
        } catch let failure as Failure {
            logger.warning(
                "An encoding broke off",
                metadata: [LogKeys.trackID: "\(trackID)", LogKeys.error: "\(failure.message)"])
            throw failure
        }
    }

    private static let fillBytes = 64 * 1024

    private static func fill(_ count: Int, _ writer: inout any ResponseBodyWriter) async throws {
        var left = count
        while left > 0 {
            let piece = min(left, fillBytes)
            try await writer.write(ByteBuffer(repeating: 0, count: piece))
            left -= piece
        }
    }
}

/// One answer with audio on its way, for the gauge.
final class OpenStream: Sendable {
    private let kind: StreamKind

    init(_ kind: StreamKind) {
        self.kind = kind
        Metrics.playback.streams.change(by: 1, kind)
    }

    deinit { Metrics.playback.streams.change(by: -1, kind) }
}
