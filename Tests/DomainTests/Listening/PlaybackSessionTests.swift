import Domain
import TestSupport
import Testing

@Suite struct PlaybackSessionTests {
    private static let start: Int64 = 1_700_000_000_000_000

    /// So many seconds after the start.
    private func at(_ seconds: Int64) -> Int64 { Self.start + seconds * 1_000_000 }

    private func report(_ state: PlaybackReport.State, _ seconds: Int64, rate: Double = 1) -> PlaybackReport {
        PlaybackReport(trackID: 1, state: state, positionMs: seconds * 1000, rate: rate)
    }

    private func session(_ state: PlaybackReport.State = .playing, _ seconds: Int64 = 0) -> PlaybackSession {
        PlaybackSession(report(state, seconds), durationMs: 200_000, now: at(0))
    }

    @Test("Time runs while it plays, at the speed of the player and up to the end")
    func position() {
        var session = session(.starting)
        #expect(session.positionMs(now: at(20)) == 0, "it waits for bytes")
        session.take(report(.playing, 0, rate: 2), now: at(20))
        #expect(session.positionMs(now: at(50)) == 60_000)
        #expect(session.positionMs(now: at(1000)) == 200_000)
        session.take(report(.paused, 60), now: at(50))
        #expect(session.positionMs(now: at(500)) == 60_000)
        #expect(PlaybackReport(trackID: 1, state: .playing, positionMs: 0, rate: 1e-300).rate > 0)
    }

    @Test("A pause, a seek and a word that is said twice go on with the same play; beginning anew is another")
    func continued() {
        var session = session()
        for (state, position) in [(PlaybackReport.State.paused, 90), (.playing, 10), (.starting, 95), (.stopped, 0)] {
            #expect(session.isContinued(by: report(state, Int64(position)), now: at(90)), "\(state) \(position)")
        }
        #expect(!session.isContinued(by: report(.starting, 0), now: at(90)))
        let other = PlaybackReport(trackID: 2, state: .playing, positionMs: 90_000)
        #expect(!session.isContinued(by: other, now: at(90)))
        session.take(report(.stopped, 100), now: at(100))
        #expect(session.isContinued(by: report(.stopped, 20), now: at(160)))
        #expect(session.isContinued(by: report(.playing, 98), now: at(101)), "a late word of before")
        #expect(!session.isContinued(by: report(.playing, 0), now: at(160)))
        #expect(!session.isContinued(by: report(.starting, 100), now: at(160)))
    }

    @Test(
        "Who pauses is waited for until half an hour after the end that was to be, and who fell silent is not shown so long"
    )
    func ends() {
        var paused = session()
        paused.take(report(.paused, 50), now: at(50))
        let end: Int64 = 50 + 150 + 30 * 60
        #expect(paused.isShown(now: at(end)) && !paused.isOver(now: at(end)))
        #expect(!paused.isShown(now: at(end + 1)) && paused.isOver(now: at(end + 1)))
        #expect(!paused.isContinued(by: report(.playing, 50), now: at(end + 1)))
        let playing = session()
        #expect(playing.isShown(now: at(260)) && !playing.isShown(now: at(261)))
        #expect(playing.isContinued(by: report(.stopped, 200), now: at(261)))
        let half = PlaybackSession(report(.playing, 0, rate: 0.5), durationMs: 200_000, now: at(0))
        #expect(half.isShown(now: at(460)))
    }

    @Test("It was heard as far as it got, or as long as it took")
    func played() {
        var session = session()
        session.take(report(.playing, 10), now: at(120))
        session.take(report(.stopped, 30), now: at(140))
        #expect(session.playedMs == 140_000, "two minutes, then back, then twenty seconds")
        #expect(session.startedAt == at(0))
        #expect(PlaybackSession(report(.stopped, 150), durationMs: nil, now: at(150)).playedMs == 150_000)
        #expect(PlaybackSession(report(.playing, 60, rate: 2), durationMs: nil, now: at(150)).startedAt == at(120))
    }
}

@Suite struct ArtistMixTests {
    private func tracks(_ ids: ClosedRange<Int64>) -> [Track] {
        ids.map { id in
            Track(
                id: id, path: FilePath("/m/\(id)"), state: .present,
                facts: FileFacts(size: 1, mtimeNs: 1, inode: 1, device: 1), metadata: TrackMetadata(),
                properties: AudioProperties(codec: "mp3"), albumID: nil, artistIDs: [], coverHash: nil, contentKey: nil,
                analysis: nil, hasVector: false, addedAt: 0, indexedAt: 0)
        }
    }

    @Test("A mix has songs of the artist and of others, none twice, and is another with another seed")
    func mix() {
        var random = SplitMix64(seed: 3)
        let (own, similar) = (tracks(1...20), tracks(15...80))
        let first = ArtistMix.draw(12, own: own, similar: similar, using: &random).map(\.id)
        #expect(Set(first).count == 12 && first.filter { $0 <= 20 }.count == 3)
        #expect(ArtistMix.draw(12, own: own, similar: similar, using: &random).map(\.id) != first)
        #expect(Set(ArtistMix.draw(12, own: own, similar: [], using: &random).map(\.id)).count == 12)
        #expect(ArtistMix.draw(12, own: tracks(1...2), similar: similar, using: &random).count == 12)
        #expect(ArtistMix.draw(12, own: [], similar: tracks(1...3), using: &random).count == 3)
        #expect(ArtistMix.draw(1, own: own, similar: similar, using: &random).count == 1)
    }
}
