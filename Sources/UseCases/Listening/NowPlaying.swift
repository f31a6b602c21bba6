import Domain
import Logging
import Telemetry

/// Tells services outside what plays now. As good as it goes: it is over soon, so nothing is tried twice, and what does
/// not fit into the short line is left out.
package final class NowPlaying: Sendable {
    private struct Note: Sendable {
        let account: Int64
        let trackID: Int64
    }

    private static let maxWaiting = 32

    private let targets: [any ScrobbleTarget]
    private let vault: any CredentialVault
    private let track: @Sendable (Int64) async throws -> Track
    private let logger: Logger
    private let notes: AsyncStream<Note>
    private let line: AsyncStream<Note>.Continuation

    package init(
        targets: [any ScrobbleTarget], vault: any CredentialVault,
        track: @escaping @Sendable (Int64) async throws -> Track, logger: Logger
    ) {
        self.targets = targets
        self.vault = vault
        self.track = track
        self.logger = logger
        (notes, line) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.maxWaiting))
    }

    package func tell(_ play: Play, account: Int64) {
        guard !targets.isEmpty else { return }
        line.yield(Note(account: account, trackID: play.trackID))
    }

    /// Ends when it is cancelled.
    package func run() async {
        for await note in notes {
            for target in targets { await tell(note, to: target) }
        }
    }

    private func tell(_ note: Note, to target: any ScrobbleTarget) async {
        do {
            guard let connection = try await vault.opened(target.source, account: note.account) else { return }
            let track = try await track(note.trackID)
            let durationMs = track.analysis?.durationMs ?? track.properties.durationMs
            guard let listen = Listen(track.metadata, durationMs: durationMs, startedAt: 0) else { return }
            try await target.nowPlaying(listen, for: connection.account)
        } catch {
            logger.debug(
                "A service was not told what plays now",
                metadata: [LogKeys.service: "\(target.source.rawValue)", LogKeys.error: "\(error)"])
        }
    }
}
