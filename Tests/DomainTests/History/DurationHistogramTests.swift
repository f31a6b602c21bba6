import Domain
import Testing

@Suite struct DurationHistogramTests {
    @Test(
        "Percentiles are off by less than a fifth, from milliseconds to hours", arguments: [0.002, 0.13, 7, 900, 9000])
    func percentiles(scale: Double) throws {
        var histogram = DurationHistogram()
        for number in 1...1000 { histogram.add(seconds: scale * Double(number) / 1000) }
        for share in [0.5, 0.95, 0.99] {
            let seconds = try #require(histogram.seconds(atShare: share))
            // Below a millisecond there is one bin.
            #expect(abs(seconds / (scale * share) - 1) < 0.2 || scale * share <= 0.001)
        }
        #expect(histogram.total == 1000)
    }

    @Test("Histograms of parts add up to that of the whole")
    func sums() {
        var (whole, one, other) = (DurationHistogram(), DurationHistogram(), DurationHistogram())
        for number in 0..<200 {
            let seconds = Double(number * number) / 100
            whole.add(seconds: seconds)
            if number.isMultiple(of: 3) { one.add(seconds: seconds) } else { other.add(seconds: seconds) }
        }
        one += other
        #expect(one == whole)
        #expect(DurationHistogram(counts: whole.counts) == whole)
    }

    @Test("Whatever a clock says is counted", arguments: [-1, 0, Double.nan, .infinity, 1e300, 1e-300])
    func strange(seconds: Double) {
        var histogram = DurationHistogram()
        histogram.add(seconds: seconds)
        #expect(histogram.total == 1 && histogram.seconds(atShare: 0.5) != nil)
        var tally = DurationTally()
        tally.add(seconds: seconds)
        #expect(tally.milliseconds >= 0 && tally.meanSeconds != nil)
    }

    @Test("Nothing has no percentile, and counts stand still before they overflow")
    func edges() {
        #expect(DurationHistogram().seconds(atShare: 0.5) == nil && DurationTally().meanSeconds == nil)
        var full = DurationHistogram(counts: [.max])
        full.add(seconds: 0)
        full += DurationHistogram(counts: [7])
        #expect(full.counts == [.max])
        #expect(DurationHistogram(counts: Array(repeating: 1, count: 5000)).total == DurationHistogram.bins)
    }
}
