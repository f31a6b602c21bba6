/// One of the tags that are written: `REPLAYGAIN_TRACK_GAIN`, `-7.89 dB`.
struct GainField: Hashable, Sendable {
    var name: String
    /// ASCII.
    var text: String
}

extension GainTexts {
    /// As everything but Opus has them; what is nil is no part of it.
    var fields: [GainField] {
        zip(Self.names, [trackGain, trackPeak, albumGain, albumPeak]).compactMap { name, text in
            text.map { GainField(name: name, text: $0) }
        }
    }

    /// RFC 7845 has names of its own, and leaves no others beside them.
    var fieldsOfOpus: [GainField] {
        let others = GainTexts.names.map { GainField(name: $0, text: "") }
        return others
            + [("R128_TRACK_GAIN", r128TrackGain), ("R128_ALBUM_GAIN", r128AlbumGain)].compactMap { name, text in
                text.map { GainField(name: name, text: $0) }
            }
    }

    private static let names = [
        "REPLAYGAIN_TRACK_GAIN", "REPLAYGAIN_TRACK_PEAK", "REPLAYGAIN_ALBUM_GAIN", "REPLAYGAIN_ALBUM_PEAK",
    ]
}

extension [GainField] {
    /// Players take these names in any letters.
    func has(_ name: String) -> Bool { contains { $0.name == name.uppercased() } }

    /// With names spelled as they are in the file.
    func spelled(as known: [String]) -> [GainField] {
        map { field in
            GainField(name: known.first { $0.uppercased() == field.name } ?? field.name, text: field.text)
        }
    }
}
