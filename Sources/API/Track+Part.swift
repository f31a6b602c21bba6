import Domain

/// A part of a file as it is sent: there is no such file, so that its name and its form are made up here.
extension Track {
    /// At the end of the name of what is sent when nobody wishes for anything, without a dot.
    var sentSuffix: String {
        segment == nil ? path.fileExtension : StreamPlan.partFormat(of: properties).suffix
    }

    var sentMediaType: String {
        segment == nil ? AudioMediaType.of(path) : StreamPlan.partFormat(of: properties).mediaType
    }

    /// Of a part, what it takes of its file, about.
    var sentBytes: Int64 {
        guard segment != nil else { return facts.size }
        guard let durationMs = analysis?.durationMs ?? properties.durationMs, let kbps = properties.bitrateKbps else {
            return 0
        }
        return Int64(durationMs).multipliedReportingOverflow(by: Int64(kbps)).partialValue / 8
    }

    /// `02 - Fallow.flac`; for the whole file, its own name.
    var nameOfPart: String {
        guard let segment else { return String(decoding: path.lastComponent, as: UTF8.self) }
        return "\(segment.paddedNumber) - \(displayTitle).\(sentSuffix)"
    }
}
