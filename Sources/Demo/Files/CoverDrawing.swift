/// An album cover drawn by numbers: furrows of two colours around a point. The same seed draws the same cover.
package struct CoverDrawing: Sendable {
    package let seed: UInt64
    /// Pixels on each side.
    package let side: Int

    package init(seed: UInt64, side: Int = 320) {
        self.seed = seed
        self.side = side
    }

    /// A binary portable pixmap (P6), which ffmpeg converts to JPEG or PNG.
    package var pixmap: [UInt8] {
        var random = SeededRandom(seed: seed)
        let dark = (0..<3).map { _ in random.unit() * 90 }
        let light = (0..<3).map { _ in 130 + random.unit() * 125 }
        let centre = (0.2 + random.unit() * 0.6, 0.2 + random.unit() * 0.6)
        let furrows = 18 + random.unit() * 22
        let squash = 0.6 + random.unit() * 0.8
        var bytes = Array("P6\n\(side) \(side)\n255\n".utf8)
        bytes.reserveCapacity(bytes.count + side * side * 3)
        for row in 0..<side {
            for column in 0..<side {
                let x = Double(column) / Double(side) - centre.0
                let y = (Double(row) / Double(side) - centre.1) * squash
                let distance = (x * x + y * y).squareRoot()
                // A triangle wave over the distance: the furrows.
                let phase = (distance * furrows).truncatingRemainder(dividingBy: 1)
                let level = abs(2 * phase - 1) * max(0.25, 1 - distance)
                for channel in 0..<3 {
                    bytes.append(UInt8(clamping: Int(dark[channel] + (light[channel] - dark[channel]) * level)))
                }
            }
        }
        return bytes
    }
}
