import Domain
import Foundation

/// In JSON the picture is base64: a third more than its bytes, where a list of numbers would be four times as much.
extension CoverImage: Codable {
    enum CodingKeys: String, CodingKey {
        case hash, data
        case mediaType = "media_type"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let data = Data(base64Encoded: try container.decode(String.self, forKey: .data)),
            data.count <= CoverImage.maxBytes
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .data, in: container,
                debugDescription: "base64 of at most \(CoverImage.maxBytes) bytes expected")
        }
        self.init(
            hash: try container.decode(String.self, forKey: .hash),
            mediaType: try container.decode(String.self, forKey: .mediaType), data: Array(data))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(hash, forKey: .hash)
        try container.encode(mediaType, forKey: .mediaType)
        try container.encode(Data(data).base64EncodedString(), forKey: .data)
    }
}
