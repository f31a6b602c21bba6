import Foundation

/// Puts the bytes of a finished download where slskd would have put them.
struct SlskdDelivery {
    let downloads: URL
    let isOverwriting: Bool

    /// Answers the path of the file.
    /// - Parameter stamp: goes into the name of a file whose name is taken.
    func deliver(_ transfer: SlskdTransfer, from source: URL, stamp: Int) throws -> String {
        let folder = downloads.appending(
            path: transfer.destination ?? SlskdText.lastFolder(of: transfer.filename), directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let name = SlskdText.fileName(of: transfer.filename)
        var target = folder.appending(path: name)
        if !isOverwriting, FileManager.default.fileExists(atPath: target.path) {
            let parts = name.split(separator: ".")
            let stem = parts.dropLast().joined(separator: ".")
            target = folder.appending(path: "\(stem)_\(stamp).\(parts.last ?? "")")
        }
        try bytes(of: transfer, source).write(to: target, options: .atomic)
        return target.path
    }

    private func bytes(of transfer: SlskdTransfer, _ source: URL) throws -> Data {
        let real = try Data(contentsOf: source)
        switch transfer.manner {
        case .servesNoise:
            var random = UInt64(truncatingIfNeeded: real.count)
            return Data(
                real.map { _ in
                    random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(random >> 56)
                })
        case .servesHalf: return real.prefix(real.count / 2)
        default: return real
        }
    }
}
