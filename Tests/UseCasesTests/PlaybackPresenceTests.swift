import Domain
import Synchronization
import Testing
import UseCases

@Suite struct PlaybackPresenceTests {
    private final class Time: Sendable {
        let now = Mutex(ContinuousClock.now)
        func go(_ duration: Duration) { now.withLock { $0 += duration } }
        var clock: @Sendable () -> ContinuousClock.Instant { { self.now.withLock(\.self) } }
    }

    private final class Sign: PlaybackSign {
        let times = Mutex(0)
        let seen = Mutex<Duration?>(nil)
        func leave() { times.withLock { $0 += 1 } }
        func age() -> Duration? { seen.withLock(\.self) }
    }

    @Test("Work steps back while somebody listens, and half a minute longer")
    func linger() {
        let time = Time()
        let presence = PlaybackPresence(now: time.clock)
        #expect(presence.pause() == nil)
        presence.note()
        #expect(presence.pause() == PlaybackPresence.signPause)
        time.go(.seconds(28))
        #expect(presence.pause() == .seconds(2))
        presence.note()
        time.go(.seconds(29))
        #expect(presence.pause() == .seconds(1))
        time.go(.seconds(1))
        #expect(presence.pause() == nil)
    }

    @Test("Other processes are told, and looked at, every few seconds only")
    func signs() {
        let (time, sign) = (Time(), Sign())
        let presence = PlaybackPresence(sign: sign, now: time.clock)
        for _ in 0..<100 { presence.note() }
        #expect(sign.times.withLock(\.self) == 1)
        time.go(PlaybackPresence.signPause)
        presence.note()
        #expect(sign.times.withLock(\.self) == 2)

        let other = PlaybackPresence(sign: sign, now: time.clock)
        #expect(other.pause() == nil)
        sign.seen.withLock { $0 = .seconds(3) }
        #expect(other.pause() == nil, "it has just looked")
        time.go(PlaybackPresence.signPause)
        #expect(other.pause() != nil)
        sign.seen.withLock { $0 = .seconds(40) }
        time.go(PlaybackPresence.linger)
        #expect(other.pause() == nil)
    }

    @Test("Some audio lanes yield to listeners, and one never does", arguments: [1, 2, 4, 8, 32])
    func lanes(cores: Int) {
        let profile = DeviceProfile(model: "a", cores: cores, memoryBytes: 32 << 30)
        let lanes = WorkLane.plan(roles: Set(Role.allCases), profile: profile)
        let audio = lanes.filter { $0.kinds == [.analyzeAudio] }
        #expect(audio.map(\.heavyPlace) == Array(0..<profile.audioSlots))
        #expect(lanes.filter { $0.heavyPlace != nil } == audio)
        let steady = profile.audioSlotsWhilePlaying
        #expect(steady >= 1 && steady <= max(1, audio.count / 2))
        #expect((2...32).contains(profile.transcodeSlots))
    }
}
