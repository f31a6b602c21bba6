import Demo
import Foundation

/// Somebody who shares files.
package struct SoulseekPeer: Sendable {
    /// How downloads from somebody go.
    package enum Manner: String, Sendable, CaseIterable {
        case serves
        /// Every file is refused.
        case rejects
        /// Every transfer breaks off in the middle.
        case breaksOff = "breaks_off"
        /// The first transfer of a file breaks off, the next one does not.
        case breaksOffOnce = "breaks_off_once"
        /// Every transfer is given up in the middle.
        case aborts
        /// Nothing ever comes.
        case timesOut = "times_out"
        /// What comes is no audio.
        case servesNoise = "serves_noise"
        /// Half of a file comes, and that is said to be all.
        case servesHalf = "serves_half"
        /// Files have grown since they were found.
        case grewFiles = "grew_files"
    }

    package struct File: Sendable {
        /// Where its bytes come from.
        package enum Origin: Sendable {
            case file(URL)
            /// Synthesised when it is first needed.
            case song(Song, AudioFormat)
        }

        /// As others see it: `@@x\Music\A\01.flac`.
        package let remoteName: String
        package let origin: Origin
        package var isLocked = false

        package init(_ remoteName: String, _ origin: Origin, isLocked: Bool = false) {
            self.remoteName = remoteName
            self.origin = origin
            self.isLocked = isLocked
        }
    }

    package struct Song: Hashable, Sendable {
        package let title: String
        package let artist: String
        package let album: String
        package let date: String
        package let number: Int
        package let seconds: Double
    }

    package let name: String
    package var files: [File]
    package var isOnline = true
    package var hasFreeSlot = true
    package var queueLength = 0
    /// Bytes a second.
    package var uploadSpeed = 2_000_000
    package var manner = Manner.serves

    package init(_ name: String, files: [File]) {
        self.name = name
        self.files = files
    }
}
