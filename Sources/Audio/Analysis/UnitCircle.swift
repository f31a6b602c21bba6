import Foundation

/// Cosines and sines of a circle that is cut into equal parts: all windows and transforms share one table, which is made
/// once in the life of a process.
struct UnitCircle {
    private static let parts = 8192
    private static let table = (0..<parts).map { cos(2 * Double.pi * Double($0) / Double(parts)) }

    private let table = UnitCircle.table
    private let step: Int

    /// - Parameter count: Parts, a power of two up to 8192.
    init(_ count: Int) {
        precondition(count > 0 && Self.parts % count == 0, "the circle is cut into a power of two, at most 8192")
        step = Self.parts / count
    }

    /// `part` is not negative; beyond the circle it begins again.
    func cosine(_ part: Int) -> Double { table[part * step & (Self.parts - 1)] }
    func sine(_ part: Int) -> Double { table[(part * step + 3 * Self.parts / 4) & (Self.parts - 1)] }
}
