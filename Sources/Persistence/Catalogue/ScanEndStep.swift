import Contracts
import UseCases

/// The end of a walk is carried out in steps, each a transaction of its own: a library of which every file was moved
/// must not hold the only writer for as long as all moves take.
enum ScanEndStep: Sendable {
    /// Said to the user with the scan.
    case notice(String)
    /// Each finds its place free, or makes room for another one of the same step.
    case move([MoveMatching.Move])
    case markMissing([MoveMatching.Lost])
    /// Folders that the walk did not meet; those that still hold a track stay.
    case removeFolders([Int64])
    /// Those of playlist files in the scope that are gone.
    case removePlaylists
    case queue([NewTask])
    /// As many candidates of the walk as fit in a step.
    case forgetCandidates

    /// Tracks, folders, tasks or candidates in one step: a tenth of a second or so on a small computer.
    static let maxItems = 500

    static func cut<Item>(_ items: [Item], into step: ([Item]) -> ScanEndStep) -> [ScanEndStep] {
        stride(from: 0, to: items.count, by: maxItems).map { start in
            step(Array(items[start..<min(start + maxItems, items.count)]))
        }
    }
}

/// What is planned and carried out before the next is planned.
enum ScanPhase: Sendable {
    /// Moves, copies, and what is gone.
    case places(ScanCompleteOutcome)
    /// Chains that were cut off. After the moves: their payloads name paths.
    case chains
    /// What a walk noted for its end; also what is left of one that never came to it.
    case candidates
}
