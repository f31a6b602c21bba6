/// How much of a piece is listened to.
package enum AnalysisMode: String, CaseIterable, Sendable {
    case full
    /// For slow devices: loudness, peaks and the content key of everything, the rest of a third of a long piece.
    case windows

    /// What an analysis made in this mode is called.
    package var version: String {
        switch self {
        case .full: AudioAnalysis.currentVersion
        case .windows: AudioAnalysis.currentVersion + "/windows"
        }
    }

    /// The versions that one who works in this mode need not make again: a full analysis serves both.
    package var sufficient: [String] {
        self == .full ? [version] : [AnalysisMode.full.version, version]
    }
}
