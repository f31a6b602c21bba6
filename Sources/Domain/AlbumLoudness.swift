/// The loudness of several tracks as one programme, and their largest peak.
package struct AlbumLoudness: Hashable, Sendable {
    private var histogram = LoudnessHistogram()
    private var largestPeak = 0.0
    /// False as soon as one track was not heard: half an album has no gain of the album.
    private var isWhole = true
    private var isEmpty = true

    package init() {}

    /// Takes in what was heard in one track; nil when nothing was yet, or by an analyser that kept no histogram.
    package mutating func add(_ heard: (histogram: [UInt32], peak: Double)?) {
        isEmpty = false
        guard let heard else {
            isWhole = false
            return
        }
        histogram.add(LoudnessHistogram(counts: heard.histogram))
        largestPeak = max(largestPeak, heard.peak)
    }

    /// LUFS; nil when a track is not heard yet, and when all are silent.
    package var integratedLufs: Double? { isWhole ? histogram.integratedLufs : nil }

    /// Linear, 1 is full scale; nil when a track is not heard yet.
    package var peak: Double? { isWhole && !isEmpty ? largestPeak : nil }
}
