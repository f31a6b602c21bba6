import Domain
import Testing

@Suite struct ListenRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let playedMs: Int64?
        let durationMs: Int64?
        let counts: Bool

        var testDescription: String { "\(playedMs ?? -1) of \(durationMs ?? -1) ms: \(counts)" }
    }

    @Test(
        "A listen is half of a track or four minutes, of a track longer than 30 s",
        arguments: [
            Case(playedMs: 30_000, durationMs: 30_000, counts: false),
            Case(playedMs: 15_000, durationMs: 30_001, counts: false),
            Case(playedMs: 15_001, durationMs: 30_001, counts: true),
            Case(playedMs: 100_000, durationMs: 200_000, counts: true),
            Case(playedMs: 99_999, durationMs: 200_000, counts: false),
            Case(playedMs: 240_000, durationMs: 480_000, counts: true),
            Case(playedMs: 239_999, durationMs: 480_000, counts: false),
            Case(playedMs: 240_000, durationMs: 36_000_000, counts: true),
            Case(playedMs: 239_999, durationMs: 36_000_000, counts: false),
            // Longer than the track is: it was played twice, or its length is wrong.
            Case(playedMs: 1_000_000, durationMs: 200_000, counts: true),
            Case(playedMs: 1_000_000, durationMs: 20_000, counts: false),
            Case(playedMs: 0, durationMs: 200_000, counts: false),
            Case(playedMs: -1, durationMs: 200_000, counts: false),
            Case(playedMs: .min, durationMs: .max, counts: false),
            // The player says that it was played, not for how long.
            Case(playedMs: nil, durationMs: 200_000, counts: true),
            Case(playedMs: nil, durationMs: 30_000, counts: false),
            // Nobody knows how long the track is.
            Case(playedMs: nil, durationMs: nil, counts: true),
            Case(playedMs: 239_999, durationMs: nil, counts: false),
            Case(playedMs: 240_000, durationMs: 0, counts: true),
        ])
    func borders(_ example: Case) {
        #expect(
            ListenRule.counts(playedMs: example.playedMs, durationMs: example.durationMs) == example.counts)
    }

    @Test("A play without a beginning began when it was told of, or so long before as it was heard")
    func beginnings() {
        let now: Int64 = 2_000_000_000_000_000
        func start(_ submission: Play.Submission, _ startedAt: Int64?, _ playedMs: Int64?, _ durationMs: Int64?)
            -> Int64
        {
            PlayReport(trackID: 1, submission: submission, startedAt: startedAt, playedMs: playedMs)
                .start(now: now, durationMs: durationMs)
        }
        #expect(start(.started, nil, nil, 200_000) == now)
        #expect(start(.finished, nil, 120_000, 200_000) == now - 120_000_000)
        #expect(start(.finished, nil, nil, 200_000) == now - 200_000_000)
        #expect(start(.finished, nil, nil, nil) == now)
        #expect(start(.finished, 7, 120_000, 200_000) == 7)
    }

    @Test("Names of accounts hold no colon, no control characters and no blanks at the ends")
    func names() {
        #expect(["ada", "Ada Lovelace", "Åsa", "a@b.c"].allSatisfy(Account.isName))
        #expect(
            ["", " ada", "ada ", "a:b", "a\nb", "a\u{0}b", "a\u{7F}", String(repeating: "a", count: 65)]
                .allSatisfy { !Account.isName($0) })
        #expect(Account.isPassword("12345678") && !Account.isPassword("1234567"))
    }
}
