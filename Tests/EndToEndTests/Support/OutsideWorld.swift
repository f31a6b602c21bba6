import Foundation
import StandIns
import TestSupport

/// Services outside, played on loopback for one test.
struct OutsideWorld: Sendable {
    let fleet: StandIns.Fleet
    /// What a server or worker is told, so that it asks them.
    let environment: [String: String]
    /// Where slskd puts what it has fetched.
    let downloads: String

    init(
        _ names: Set<StandIns.Fleet.Name>, for lab: Lab,
        _ change: (inout StandIns.Fleet.Settings) -> Void = { _ in }
    ) async throws {
        downloads = lab.folder + "/slskd"
        try FileManager.default.createDirectory(atPath: downloads, withIntermediateDirectories: true)
        var settings = StandIns.Fleet.Settings(downloads: URL(filePath: downloads))
        change(&settings)
        fleet = try await StandIns.Fleet(
            names, settings: settings, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin")
        let lines = fleet.environment.filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: "=", maxSplits: 1).map(String.init)
        }
        environment = Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0[1]) })
    }
}
