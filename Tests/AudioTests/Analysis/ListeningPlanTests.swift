import Domain
import Foundation
import Testing

@testable import Audio

@Suite struct ListeningPlanTests {
    @Test("Full mode listens to everything, windows mode to one stretch of three, thinned plans to half as much")
    func plan() {
        let heard = { (plan: ListeningPlan) in
            (0..<12).filter { plan.includes(second: (Double($0) + 0.5) * ListeningPlan.stretchSeconds) }
        }
        var (full, windows) = (ListeningPlan(.full), ListeningPlan(.windows))
        #expect(heard(full) == Array(0..<12))
        #expect(heard(windows) == [1, 4, 7, 10])
        full.thin()
        windows.thin()
        #expect(heard(full) == [0, 2, 4, 6, 8, 10])
        #expect(heard(windows) == [1, 7])
    }

    @Test("Thinning keeps every second stretch, and tells where the seams are")
    func thinning() {
        var stretches = Stretches()
        var values = Array(0..<10)
        #expect(stretches.ranges(10) == [0..<10])
        values.keep(rows: stretches.thin(values.count, length: 3))
        #expect(values == [0, 1, 2, 6, 7, 8])
        values += [20, 21]
        stretches.close(at: values.count)
        stretches.close(at: values.count)
        #expect(stretches.ranges(values.count) == [0..<3, 3..<6, 6..<8])
        values.append(30)
        #expect(stretches.ranges(values.count) == [0..<3, 3..<6, 6..<8, 8..<9])
        values.keep(rows: stretches.thin(values.count, length: 3))
        #expect(values == [0, 1, 2, 20, 21])
        #expect(stretches.ranges(values.count) == [0..<3, 3..<5])
    }

    @Test("Rows of several values stay together")
    func rows() {
        var table = [0, 1, 10, 11, 20, 21, 30, 31]
        table.keep(rows: [1..<2, 3..<4], width: 2)
        #expect(table == [10, 11, 30, 31])
    }

    @Test("Eight hours are kept in no more than 20 minutes of series", arguments: [AnalysisMode.full, .windows])
    func eightHours(mode: AnalysisMode) {
        let stream = AudioDecoder.Stream(codec: "pcm", sampleRate: 2000, channels: 1)
        var session = AnalysisSession(stream: stream, mode: mode)
        let second = Signal.noise(seconds: 1, rate: 2000, amplitude: 0.1)
        let framesMax = ListeningPlan.maxStretches * ListeningPlan.stretchSamples / TimbreFrames.hop
        var most = 0
        second.forEachBlock(of: 2000) { block in
            for _ in 0..<8 * 3600 {
                session.take(block)
                most = max(most, session.keptFrames)
            }
        }
        // A second more may be in the block that fills the store.
        #expect(most <= framesMax + Int(TimbreFrames.framesPerSecond) + 1)
        #expect(most > framesMax / 2)
        #expect(session.keptFrames >= framesMax / 2 - 640)
    }

    /// A stretch's number, modulo 11, is heard as its pitch class.
    private static func pitched(_ stretch: Int) -> Signal {
        let frequency = (440 * exp2(Double(stretch % 11 - 9) / 12)).rounded()
        return Signal.sine(frequency, seconds: 1, rate: 2000)
    }

    /// Numbers modulo 11 of the stretches of which half and more was kept, in order.
    private static func keptStretches(_ session: AnalysisSession) -> [Int] {
        let chroma = session.decisionSeries.chroma
        let classes = stride(from: 0, to: chroma.count, by: Chroma.classes).map { first in
            (0..<Chroma.classes).max { chroma[first + $0] < chroma[first + $1] } ?? 0
        }
        let framesOfHalf = ListeningPlan.stretchSamples / SpectralPeaks.hop / 2
        return classes.indices.split { $0 > 0 && classes[$0] != classes[$0 - 1] }
            .filter { $0.count >= framesOfHalf }.map { classes[$0.startIndex] }
    }

    @Test(
        "What is kept of 160 minutes are the stretches that the plan would have listened to from the start",
        arguments: [(AnalysisMode.full, 0, 16), (.windows, 1, 12)])
    func parity(mode: AnalysisMode, first: Int, period: Int) {
        let stream = AudioDecoder.Stream(codec: "pcm", sampleRate: 2000, channels: 1)
        var session = AnalysisSession(stream: stream, mode: mode)
        let tones = (0..<11).map(Self.pitched)
        let seconds = 160 * 60
        for second in 0..<seconds {
            let stretch = Int(Double(second) / ListeningPlan.stretchSeconds)
            tones[stretch % 11].forEachBlock(of: 2000) { session.take($0) }
        }
        let whole = Int(Double(seconds) / ListeningPlan.stretchSeconds)
        #expect(Self.keptStretches(session) == stride(from: first, to: whole, by: period).map { $0 % 11 })
    }

    @Test("A piece that ends before the first window is seen to have been missed")
    func missed() {
        let stream = AudioDecoder.Stream(codec: "pcm", sampleRate: 8000, channels: 1)
        let second = Signal.noise(seconds: 1, rate: 8000)
        for (seconds, isMissed) in [(20, true), (40, true), (70, false)] {
            var session = AnalysisSession(stream: stream, mode: .windows)
            second.forEachBlock(of: 8000) { block in for _ in 0..<seconds { session.take(block) } }
            #expect(session.missedThePiece == isMissed)
        }
    }
}
