import Domain
import NIOCore
import Synchronization
import UseCases

/// What others are told of, for all who listen here: one look at the database now and then, whatever their number, and
/// one text of each event that all of them share.
///
/// While nobody listens, nothing runs. Who takes too little is let go, and comes back with the number of the last event
/// that it saw: what came since is read from the database.
final class EventFeed: Sendable {
    enum Item: Sendable {
        case event(number: Int64, ByteBuffer)
        /// Keeps a connection warm, and shows whether somebody is still there.
        case ping
    }

    /// What somebody is told from now on.
    struct Subscription: Sendable {
        fileprivate let key: Int
        /// Later events come; this one and those before it are in the database.
        let position: Int64
        let items: AsyncStream<Item>
        fileprivate let ending: AsyncStream<Item>.Continuation

        /// Nothing more comes.
        func end() { ending.finish() }
    }

    private struct Listener {
        let isAdmin: Bool
        let since: ContinuousClock.Instant
        let items: AsyncStream<Item>.Continuation
    }

    private struct State {
        /// The last event that was handed out; nil while nobody listens.
        var position: Int64?
        var listeners: [Int: Listener] = [:]
        var nextKey = 0
        /// Cancelled by the last listener; nobody needs its end.
        var looking: Task<Void, Never>?
        /// Tells one look-out from the next.
        var era = 0
    }

    /// Events that wait for one listener; more, and it is let go.
    static let maxWaiting = 1000
    private static let pageSize = 500

    private let store: any AnnouncementStore
    private let pace: ScanEventStream.Pace
    private let state = Mutex(State())

    init(store: any AnnouncementStore, pace: ScanEventStream.Pace) {
        self.store = store
        self.pace = pace
    }

    /// Throws `StoreError`. Whoever subscribes has to `leave`.
    /// - Parameter isAdmin: false for who is not told everything.
    func subscribe(isAdmin: Bool) async throws -> Subscription {
        let newest = try await state.withLock(\.position) == nil ? store.newest() : 0
        let (items, continuation) = AsyncStream.makeStream(
            of: Item.self, bufferingPolicy: .bufferingOldest(Self.maxWaiting))
        return state.withLock { state in
            let position = state.position ?? newest
            state.position = position
            state.nextKey += 1
            state.listeners[state.nextKey] = Listener(isAdmin: isAdmin, since: .now, items: continuation)
            if state.looking == nil {
                state.era += 1
                state.looking = Task { [era = state.era] in await look(era) }
            }
            return Subscription(key: state.nextKey, position: position, items: items, ending: continuation)
        }
    }

    func leave(_ subscription: Subscription) {
        state.withLock { state in
            state.listeners[subscription.key] = nil
            guard state.listeners.isEmpty else { return }
            state.looking?.cancel()
            (state.looking, state.position) = (nil, nil)
        }
        subscription.end()
    }

    var listenerCount: Int { state.withLock(\.listeners.count) }

    // MARK: Looking

    private func look(_ era: Int) async {
        var silence = Duration.zero
        while !Task.isCancelled {
            // Only cancellation throws, and it ends the loop.
            do { try await Task.sleep(for: pace.shortest) } catch { return }
            silence += pace.shortest
            while let more = await news(era), more {}
            guard silence >= pace.ping else { continue }
            silence = .zero
            ping(era)
        }
    }

    /// Hands out what is new; true when there may be more at once. A store that is busy has no news.
    private func news(_ era: Int) async -> Bool? {
        guard let position = state.withLock({ $0.era == era ? $0.position : nil }) else { return nil }
        guard let found = try? await store.announcements(after: position, limit: Self.pageSize),  // see above
            let last = found.last
        else { return nil }
        let items = found.map { (isForAdmins: $0.topic.isForAdmins, item: Item.event(number: $0.number, $0.event)) }
        let slow = state.withLock { state -> [Listener] in
            guard state.era == era, state.position == position else { return [] }
            state.position = last.number
            return state.listeners.values.filter { listener in
                !items.allSatisfy { $0.isForAdmins && !listener.isAdmin || Self.give($0.item, to: listener) }
            }
        }
        for listener in slow { listener.items.finish() }
        return found.count == Self.pageSize
    }

    private func ping(_ era: Int) {
        let now = ContinuousClock.now
        let leaving = state.withLock { state -> [Listener] in
            guard state.era == era else { return [] }
            return state.listeners.values.filter { listener in
                now - listener.since > pace.life || !Self.give(.ping, to: listener)
            }
        }
        for listener in leaving { listener.items.finish() }
    }

    /// False when there is no room.
    private static func give(_ item: Item, to listener: Listener) -> Bool {
        if case .dropped = listener.items.yield(item) { return false }
        return true
    }
}

extension ToldAnnouncement {
    /// As server-sent event. JSON has no line breaks of its own, so one `data` line holds it.
    var event: ByteBuffer {
        ByteBuffer(string: "id: \(number)\nevent: \(topic.rawValue)\ndata: \(json)\n\n")
    }
}
