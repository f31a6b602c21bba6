import Domain
import Files
import Logging
import Synchronization
import Telemetry
import UseCases

/// Reads media in child processes: whatever a file does to its parser, this process and the other files go on.
package final class MediaHostPool: MediaReader {
    private let tags: HostQueue
    private let audio: HostQueue
    private let pictures: HostQueue
    private let wantsFingerprint: Bool
    private let nextID = Atomic<UInt64>(0)

    /// Starts nothing yet.
    ///
    /// - Parameter logger: hears of children that died.
    package init(_ settings: MediaHostSettings, logger: Logger = MediaHostPool.silence) {
        wantsFingerprint = settings.wantsFingerprint
        tags = HostQueue(duty: .tags, slots: settings.tagSlots, settings: settings, logger: logger)
        audio = HostQueue(duty: .audio, slots: settings.audioSlots, settings: settings, logger: logger)
        // One picture at a time: each may take hundreds of megabytes.
        pictures = HostQueue(duty: .picture, slots: 1, settings: settings, logger: logger)
    }

    /// For commands, which tell what a file did in words of their own.
    package static let silence = Logger(label: "sillon") { _ in SwiftLogNoOpLogHandler() }

    package func readTags(of file: MediaFile) async throws -> TagReading {
        guard case .tags(let reading) = try await ask(.tags, file, of: tags) else { throw wrongAnswer(file) }
        return reading
    }

    package func readTags(
        of files: [MediaFile], each: @escaping @Sendable (Int, Result<TagReading, any Error>) -> Void
    ) async {
        await readTags(of: files, for: [], each: each)
    }

    package func readTags(
        of files: [MediaFile], for works: [WorkContext],
        each: @escaping @Sendable (Int, Result<TagReading, any Error>) -> Void
    ) async {
        guard let count = UInt64(exactly: files.count), count > 0 else { return }
        let last = nextID.add(count, ordering: .relaxed).newValue
        let ids = last - count + 1...last
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let countdown = Countdown(files.count, continuation)
                let jobs = zip(ids, files.indices).map { id, index in
                    HostJob(
                        id: id, request: HostRequest(kind: .tags, file: files[index]),
                        work: index < works.count ? works[index] : nil
                    ) { [self] answer in
                        each(index, answer.flatMap { reading(in: $0, of: files[index]) })
                        countdown.countDown()
                    }
                }
                submit(jobs, to: tags)
                if Task.isCancelled { tags.cancel(ids) }
            }
        } onCancel: {
            tags.cancel(ids)
        }
    }

    private func reading(in answer: HostAnswer, of file: MediaFile) -> Result<TagReading, any Error> {
        if case .tags(let reading) = answer { .success(reading) } else { .failure(wrongAnswer(file)) }
    }

    package func contentKey(of file: MediaFile, _ stretch: Stretch?) async throws -> String {
        guard case .contentKey(let key) = try await ask(.contentKey, file, stretch, of: audio) else {
            throw wrongAnswer(file)
        }
        return key
    }

    package func analyze(_ file: MediaFile, _ stretch: Stretch?) async throws -> AudioAnalysis {
        guard case .analysis(let analysis) = try await ask(.analyze, file, stretch, of: audio) else {
            throw wrongAnswer(file)
        }
        return analysis
    }

    /// The same with beats and curves, for a picture of one file.
    package func sketch(_ file: MediaFile) async throws -> AudioSketch {
        guard case .sketch(let sketch) = try await ask(.sketch, file, of: audio) else { throw wrongAnswer(file) }
        return sketch
    }

    /// Decodes the picture in a file; draws it with a longer side of `side` pixels at most, for 0 not at all.
    func picture(in file: MediaFile, toSide side: UInt16) async throws -> (facts: PictureFacts, drawing: [UInt8]) {
        let request = HostRequest(kind: .picture, file: file, side: side)
        guard case .picture(let facts, let drawing) = try await ask(request, of: pictures) else {
            throw wrongAnswer(file)
        }
        return (facts, drawing)
    }

    /// Ends all children. What is under way is cancelled, and later requests are refused.
    package func shutdown() async {
        await tags.close()
        await audio.close()
        await pictures.close()
    }

    private func ask(
        _ kind: HostRequest.Kind, _ file: MediaFile, _ stretch: Stretch? = nil, of queue: HostQueue
    ) async throws -> HostAnswer {
        try await ask(
            HostRequest(kind: kind, file: file, wantsFingerprint: wantsFingerprint, stretch: stretch), of: queue)
    }

    private func ask(_ request: HostRequest, of queue: HostQueue) async throws -> HostAnswer {
        let id = nextID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit([job(id, request) { continuation.resume(with: $0) }], to: queue)
                // Cancelled before the job was in the queue: the handler below found nothing then.
                if Task.isCancelled { queue.cancel(id...id) }
            }
        } onCancel: {
            queue.cancel(id...id)
        }
    }

    /// The attempt that asks learns what it takes; files that are read many at a time share a child.
    private func job(
        _ id: UInt64, _ request: HostRequest, _ finish: @escaping @Sendable (Result<HostAnswer, any Error>) -> Void
    ) -> HostJob {
        HostJob(id: id, request: request, gauge: AttemptGauge.current, work: WorkContext.current, finish: finish)
    }

    private func submit(_ jobs: [HostJob], to queue: HostQueue) {
        for job in jobs where job.request.isTooLong {
            let path = job.request.file.path.quoted
            job.finish(.failure(Failure(.unreadable, "\(path) is longer than any path can be")))
        }
        queue.submit(jobs.filter { !$0.request.isTooLong })
    }

    private func wrongAnswer(_ file: MediaFile) -> Failure {
        Failure(.internalError, "the media host answered another question about \(file.path.quoted)")
    }
}
