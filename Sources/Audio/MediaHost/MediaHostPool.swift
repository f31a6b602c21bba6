import Domain
import Files
import Synchronization
import UseCases

/// Reads media in child processes: whatever a file does to its parser, this process and the other files go on.
package final class MediaHostPool: MediaReader {
    private let tags: HostQueue
    private let audio: HostQueue
    private let nextID = Atomic<UInt64>(0)

    /// Starts nothing yet.
    package init(_ settings: MediaHostSettings) {
        tags = HostQueue(duty: .tags, slots: settings.tagSlots, settings: settings)
        audio = HostQueue(duty: .audio, slots: settings.audioSlots, settings: settings)
    }

    package func readTags(of file: MediaFile) async throws -> TagReading {
        guard case .tags(let reading) = try await ask(.tags, file, of: tags) else { throw wrongAnswer(file) }
        return reading
    }

    package func contentKey(of file: MediaFile) async throws -> String {
        guard case .contentKey(let key) = try await ask(.contentKey, file, of: audio) else { throw wrongAnswer(file) }
        return key
    }

    package func analyze(_ file: MediaFile) async throws -> AudioAnalysis {
        guard case .analysis(let analysis) = try await ask(.analyze, file, of: audio) else { throw wrongAnswer(file) }
        return analysis
    }

    /// Ends all children. What is under way is cancelled, and later requests are refused.
    package func shutdown() async {
        await tags.close()
        await audio.close()
    }

    private func ask(_ kind: HostRequest.Kind, _ file: MediaFile, of queue: HostQueue) async throws -> HostAnswer {
        guard file.path.bytes.count + file.root.bytes.count < HostRequest.bytesMax / 2 else {
            throw Failure(.unreadable, "\(file.path.quoted) is longer than any path can be")
        }
        let id = nextID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.submit(HostJob(id: id, request: HostRequest(kind: kind, file: file), continuation: continuation))
                // Cancelled before the job was in the queue: the handler below found nothing then.
                if Task.isCancelled { queue.cancel(id) }
            }
        } onCancel: {
            queue.cancel(id)
        }
    }

    private func wrongAnswer(_ file: MediaFile) -> Failure {
        Failure(.internalError, "the media host answered another question about \(file.path.quoted)")
    }
}
