import Domain

/// Where the media hosts come from, how many there are and what each may use.
package struct MediaHostSettings: Sendable {
    /// The program to start as `<executable> media-host …`. The kernel's name for the running program also works
    /// after an upgrade has replaced its file.
    package var executable = "/proc/self/exe"
    /// Children that read tags.
    package var tagSlots = 1
    /// Children that read or decode audio.
    package var audioSlots = 1
    /// Address space beyond the program itself, in bytes.
    package var tagMemoryBytes: UInt64 = 512 << 20
    package var audioMemoryBytes: UInt64 = 1 << 30
    package var transcodeMemoryBytes: UInt64 = 384 << 20
    /// Files that are encoded at once, each in a child of its own.
    package var transcodeSlots = 2
    /// An encoding that nobody takes makes room for another one after this time.
    package var transcodeIdleMax = Duration.seconds(30)
    package var analysis = AnalysisMode.full
    /// A child without work is ended after this time.
    package var idleSeconds = 30.0
    package var wallSeconds = WallSeconds()
    /// Analyses hold a Chromaprint fingerprint.
    package var wantsFingerprint = false

    /// How long one file may take, counted from when it is at the head of its child's line.
    package struct WallSeconds: Sendable {
        package var tags = 30.0
        package var contentKey = 300.0
        package var analyze = 900.0
        package var writeGain = 300.0
        package var picture = 30.0
        /// Until the first bytes of an encoding are there, and between any two that somebody waits for.
        package var transcode = 30.0

        package init() {}
    }

    package init() {}
}
