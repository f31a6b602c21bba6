/// What tempo and key are decided from, for those who learn the decisions' weights.
package struct DecisionSeries: Sendable {
    /// Onset strength in three bands, low, middle and high, 86.13 values a second.
    package let onsets: [[Float]]
    /// Twelve pitch classes for each frame, 5.38 frames a second.
    package let chroma: [Float]
    /// The same of the bass.
    package let bass: [Float]
}
