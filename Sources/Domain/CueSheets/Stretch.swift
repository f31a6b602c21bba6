/// From one place in a file to another one, or to its end.
///
/// In microseconds: a CD counts 75 frames a second, and this tells each of their samples at any rate.
package struct Stretch: Hashable, Sendable {
    package let beginUs: Int64
    /// Nil: to the end of the file.
    package let endUs: Int64?

    /// Nil where nothing lies between the two.
    package init?(beginUs: Int64, endUs: Int64?) {
        guard (0...SheetCut.maxUs).contains(beginUs), endUs.map({ $0 > beginUs && $0 <= SheetCut.maxUs }) ?? true
        else { return nil }
        self.beginUs = beginUs
        self.endUs = endUs
    }

    package var beginMs: Int { Int(clamping: beginUs / 1000) }
    package var endMs: Int? { endUs.map { Int(clamping: $0 / 1000) } }

    /// Of a file that is this long, behind whose end there is nothing; nil when that is not known and the stretch goes to
    /// its end.
    package func durationMs(ofFile fileMs: Int?) -> Int? {
        let endUs = [endUs, fileMs.map { Int64($0) * 1000 }].compactMap(\.self).min()
        return endUs.map { Int(clamping: max(0, $0 - beginUs) / 1000) }
    }
}
