/// A track that is a part of its file, because a sheet cut the file.
package struct Segment: Hashable, Sendable {
    /// Of the track on its sheet, from 1.
    package let number: Int
    package let stretch: Stretch

    package init(number: Int, stretch: Stretch) {
        self.number = number
        self.stretch = stretch
    }

    /// In names of files: `02`.
    package var paddedNumber: String { number < 10 ? "0\(number)" : "\(number)" }
}
