import Contracts
import Domain
import Testing

@testable import sillon

@Suite struct GainTableTests {
    private static func gain(_ track: Double?) -> ReplayGain {
        var gain = ReplayGain()
        gain.trackGainDb = track
        gain.trackPeak = 0.5
        return gain
    }

    private static func track(_ gain: ReplayGain?, contentKey: String? = "a") -> GainTrackView {
        GainTrackView(
            id: 1, path: FilePath("/music/a.flac"), state: "present", contentKey: contentKey, replayGain: gain)
    }

    private static func row(_ measured: ReplayGain?, tagged: ReplayGain, isCurrent: Bool) -> GainRow {
        GainRow(track(measured), .success((tagged, isCurrent)))
    }

    @Test("A file differs, is up to date, or has nothing to be told")
    func outcomes() {
        let tagged = Self.gain(-1)
        #expect(Self.row(Self.gain(-7.891), tagged: tagged, isCurrent: false).outcome == .differs)
        #expect(Self.row(Self.gain(-7.891), tagged: tagged, isCurrent: true).outcome == .current)
        #expect(Self.row(Self.gain(nil), tagged: tagged, isCurrent: true).outcome == .unmeasured)
        #expect(Self.row(nil, tagged: tagged, isCurrent: false).outcome == .unmeasured)
        let unheard = GainRow(Self.track(nil, contentKey: nil), .success((tagged, false)))
        #expect(unheard.outcome == .unanalysed)
        let gone = GainRow(Self.track(nil), .failure(Failure(.fileGone, "gone")))
        #expect(gone.outcome == .failed && gone.problem == "gone" && gone.tagged == nil)
    }

    @Test("The table shows what was measured beside what the tags say")
    func table() {
        let lines = GainTable.of([Self.row(Self.gain(-7.891), tagged: Self.gain(1), isCurrent: false)]).lines(
            width: nil)
        #expect(lines[1] == "/music/a.flac    -7.89 dB  0.500000           –     –       1.00 dB      –  to write")
    }

    @Test("Scripts read the names of the API")
    func json() throws {
        let row = Self.row(Self.gain(-7.5), tagged: ReplayGain(), isCurrent: false)
        let json = try ContractJSON.decode(JSONValue.self, from: ContractJSON.encode(row))
        #expect(json["replay_gain"]?["track_gain_db"] == -7.5)
        #expect(json["tagged_replay_gain"] == .object([:]))
        #expect(json["outcome"] == "differs")
        #expect(json["path"] == "/music/a.flac")
    }
}
