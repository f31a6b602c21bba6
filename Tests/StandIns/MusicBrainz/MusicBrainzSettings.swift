/// How much the stand-in for MusicBrainz takes.
package struct MusicBrainzSettings: Sendable {
    /// Requests a second, on average over the window.
    package var perSecond = 1.0
    /// Seconds over which the average is taken.
    package var windowSeconds = 5.0

    package init() {}
}
