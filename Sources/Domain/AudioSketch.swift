/// An analysis with what a picture of it needs. Never stored: made for who asks for one file.
package struct AudioSketch: Hashable, Codable, Sendable {
    package var analysis: AudioAnalysis
    /// Seconds from the start.
    package var beats: [Double]
    /// Smallest and largest sample of all channels.
    package var lowest: Curve
    package var highest: Curve
    /// Onset strength; the strongest is 1.
    package var onsets: Curve
    /// LUFS of 400 ms, −70 and more.
    package var momentary: Curve
    /// LUFS of 3 s, −70 and more.
    package var shortTerm: Curve
    /// Twelve strengths a column, C first, 0…1.
    package var chroma: Curve

    package init(analysis: AudioAnalysis) {
        self.analysis = analysis
        beats = []
        (lowest, highest, onsets, momentary) = (Curve(), Curve(), Curve(), Curve())
        (shortTerm, chroma) = (Curve(), Curve())
    }

    /// Values at equal distances in time, at most `columnsMax` moments.
    package struct Curve: Hashable, Codable, Sendable {
        package static let columnsMax = 2048

        /// From one column to the next.
        package var columnSeconds: Double
        /// Of the first column.
        package var startSeconds: Double
        package var values: [Float]

        package init(columnSeconds: Double = 1, startSeconds: Double = 0, values: [Float] = []) {
            self.columnSeconds = columnSeconds
            self.startSeconds = startSeconds
            self.values = values
        }
    }
}
