import Synchronization
import Testing
import UseCases

@Suite struct LoopWatchTests {
    private final class Time: Sendable {
        let now = Mutex(SuspendingClock.now)
        func passes(_ duration: Duration) { now.withLock { $0 += duration } }
    }

    private let time = Time()
    private var watch: LoopWatch { LoopWatch(slack: .seconds(30)) { [time] in time.now.withLock(\.self) } }

    @Test("A loop is late when it does not come back within its sleep and the slack")
    func sleeps() {
        let watch = watch
        let loop = watch.begin("housekeeper")
        time.passes(.seconds(3600))
        #expect(watch.overdue == [])
        loop.sleeps(.seconds(1))
        time.passes(.seconds(31))
        #expect(watch.overdue == [])
        time.passes(.milliseconds(1))
        #expect(watch.overdue == ["housekeeper"])
        loop.sleeps(.zero)
        #expect(watch.overdue == [])
    }

    @Test("A database has more time than a sleep, somebody who may stay away has all of it")
    func waits() {
        let watch = watch
        let (asking, away) = (watch.begin("claims"), watch.begin("claims"))
        asking.asks(waiting: .seconds(30))
        away.sleeps(.seconds(1))
        away.isAway()
        time.passes(.seconds(330))
        #expect(watch.overdue == [])
        time.passes(.seconds(1))
        #expect(watch.overdue == ["claims"])
        asking.isAway()
        #expect(watch.overdue == [])
    }

    @Test("A loop that has ended is not late; of two of one name the late one is told")
    func ends() {
        let watch = watch
        let (first, second) = (watch.begin("claims"), watch.begin("claims"))
        first.sleeps(.zero)
        second.sleeps(.seconds(600))
        time.passes(.seconds(60))
        #expect(watch.overdue == ["claims"])
        first.ends()
        #expect(watch.overdue == [])
    }
}
