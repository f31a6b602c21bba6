struct DuplicatePageView: Decodable, Sendable {
    var items: [DuplicateGroupView]
    var nextCursor: String?
    var compared: Int
    var withoutFingerprint: Int
    var waiting: Int

    enum CodingKeys: String, CodingKey {
        case items, compared, waiting
        case nextCursor = "next_cursor"
        case withoutFingerprint = "without_fingerprint"
    }

    /// What the list does not tell.
    var remarks: [String] {
        var remarks: [String] = []
        if let nextCursor { remarks.append("there are more; go on with --cursor \(nextCursor)") }
        if waiting > 0 { remarks.append("\(Readable.count(waiting)) changes are still to be compared") }
        if withoutFingerprint > 0 {
            remarks.append(
                "\(Readable.count(withoutFingerprint)) of \(Readable.count(compared)) recordings have no fingerprint, and "
                    + "other encodings of them are only guessed: set SILLON_FINGERPRINT=true, then run sillon scan --full"
            )
        }
        return remarks
    }
}

struct DuplicateGroupView: Decodable, Sendable {
    var items: [DuplicateView]
}

struct DuplicateView: Decodable, Sendable {
    struct File: Decodable, Sendable {
        var codec: String
        var bitrateKbps: Int?
        var bitsPerSample: Int?

        enum CodingKeys: String, CodingKey {
            case codec
            case bitrateKbps = "bitrate_kbps"
            case bitsPerSample = "bits_per_sample"
        }
    }

    var best: Bool
    var quality: String
    var evidence: String?
    var score: Double?
    var bitErrorRate: Double?
    var track: TrackView
    var file: File

    enum CodingKeys: String, CodingKey {
        case best, quality, evidence, score, track
        case bitErrorRate = "bit_error_rate"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        best = try values.decode(Bool.self, forKey: .best)
        quality = try values.decode(String.self, forKey: .quality)
        evidence = try values.decodeIfPresent(String.self, forKey: .evidence)
        score = try values.decodeIfPresent(Double.self, forKey: .score)
        bitErrorRate = try values.decodeIfPresent(Double.self, forKey: .bitErrorRate)
        track = try values.decode(TrackView.self, forKey: .track)
        file = try values.decode(File.self, forKey: .track)
    }

    /// "keep", "same content", "same fingerprint, 2.1 % of bits differ", "probable, 0.991"
    var why: String? {
        if best { return "keep" }
        switch evidence {
        case "same_content": return "same content"
        case "same_fingerprint":
            return "same fingerprint, \(Readable.decimal((bitErrorRate ?? 0) * 100, 1)) % of bits differ"
        case .some(let other): return other + (score.map { ", \(Readable.decimal($0, 3))" } ?? "")
        case nil: return nil
        }
    }

    /// "flac 16 bit", "mp3 128 kbit/s", "flac 16 bit?" where it looks as if it had been lossy before.
    var format: String {
        let detail =
            quality == "lossy" ? file.bitrateKbps.map { "\($0) kbit/s" } : file.bitsPerSample.map { "\($0) bit" }
        return [file.codec, detail].compactMap(\.self).joined(separator: " ") + (quality == "suspect" ? "?" : "")
    }
}
