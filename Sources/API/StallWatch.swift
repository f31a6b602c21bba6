import Synchronization

/// Does something, once, when nothing has gone on for a while.
final class StallWatch: Sendable {
    private let lastProgress = Mutex(ContinuousClock.now)
    private let timer = Mutex<Task<Void, Never>?>(nil)

    init(limit: Duration, _ whenStalled: @escaping @Sendable () -> Void) {
        timer.withLock { timer in
            timer = Task { [weak self] in
                while let last = self?.lastProgress.withLock({ $0 }) {
                    guard .now < last + limit else { return whenStalled() }
                    // Throws only when the watch has ended.
                    do { try await Task.sleep(until: last + limit, clock: .continuous) } catch { return }
                }
            }
        }
    }

    func progress() { lastProgress.withLock { $0 = .now } }

    func end() { timer.withLock { $0 }?.cancel() }
}
