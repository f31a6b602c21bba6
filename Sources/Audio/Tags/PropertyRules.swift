import Domain

/// Keeps a header's numbers only where they can be true: TagLib hands out negative durations and −14848 channels.
enum PropertyRules {
    /// A month: longer than any real file, short enough to fit everywhere.
    private static let durationMsMax: Int64 = 31 * 24 * 3600 * 1000

    static func properties(of tags: RawTags) -> AudioProperties {
        var properties = AudioProperties(codec: tags.codec)
        properties.durationMs = (1...durationMsMax).contains(tags.durationMs) ? Int(tags.durationMs) : nil
        properties.bitrateKbps = keep(tags.bitrateKbps, 1...100_000)
        properties.sampleRate = keep(tags.sampleRate, 1000...12_288_000)
        properties.channels = keep(tags.channels, 1...64)
        properties.bitsPerSample = keep(tags.bitsPerSample, 1...64)
        return properties
    }

    private static func keep(_ number: Int32, _ range: ClosedRange<Int32>) -> Int? {
        range.contains(number) ? Int(number) : nil
    }
}
