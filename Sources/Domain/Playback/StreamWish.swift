/// How somebody wants to hear a track.
package struct StreamWish: Hashable, Sendable {
    package enum Format: String, CaseIterable, Sendable {
        /// The file as it is, whatever else is wished.
        case raw
        case mp3, opus, aac

        package var encoding: TranscodeFormat? { TranscodeFormat(rawValue: rawValue) }
    }

    /// Nil takes what there is.
    package var format: Format?
    /// kbit/s at most; nil for no limit.
    package var maxKbps: Int?
    /// Where to begin. A file that is sent as it is always begins at its beginning.
    package var fromMs: Int
    /// Whether the answer should say how long it will be, as far as that can be told.
    package var wantsLength: Bool

    package init(format: Format? = nil, maxKbps: Int? = nil, fromMs: Int = 0, wantsLength: Bool = false) {
        self.format = format
        self.maxKbps = maxKbps
        self.fromMs = max(0, fromMs)
        self.wantsLength = wantsLength
    }
}
