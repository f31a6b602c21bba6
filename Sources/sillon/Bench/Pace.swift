import Foundation

/// Lets a script that measures from outside keep pace: says where the bench is, and waits for the script's word.
struct Pace: Sendable {
    enum Place: String {
        /// The database is made.
        case ready
        /// All tasks are queued.
        case filled
        /// The drain begins.
        case first
        /// All tasks are settled.
        case last
    }

    /// Without a script nothing is said and nothing waited for.
    let isOn: Bool

    func say(_ place: Place) throws {
        if isOn { try Console.line(place.rawValue) }
    }

    /// Waits for a line on standard input.
    func pause(_ place: Place) throws {
        guard isOn else { return }
        try say(place)
        guard readLine() != nil else { throw CommandError.failed("standard input ended while the bench was paced") }
    }
}
