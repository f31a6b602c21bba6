import Domain
import Synchronization

/// Which lanes with heavy work may take something new: all, but while somebody listens, or while the device is held back.
package final class HeavyWork: Sendable {
    private let slotsWhilePlaying: Int
    private let presence: PlaybackPresence
    private let recheck: Duration
    private let state = Mutex<WorkHold?>(nil)

    /// - Parameters:
    ///   - slotsWhilePlaying: lanes that go on while somebody listens on this device.
    ///   - recheck: after this a lane that is held back looks again.
    package init(slotsWhilePlaying: Int, presence: PlaybackPresence, recheck: Duration = .seconds(5)) {
        self.slotsWhilePlaying = slotsWhilePlaying
        self.presence = presence
        self.recheck = recheck
    }

    package var hold: WorkHold? {
        get { state.withLock(\.self) }
        set { state.withLock { $0 = newValue } }
    }

    /// How long a lane should wait before it asks again; nil when it may take something.
    /// - Parameter place: of the lane among those with heavy work, from 0.
    func pause(place: Int) -> Duration? {
        if let hold, place >= hold.slots { return recheck }
        return place < slotsWhilePlaying ? nil : presence.pause()
    }
}
