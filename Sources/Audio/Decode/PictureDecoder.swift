import CAudio
import Domain
import Glibc

/// Decodes one picture whole, and draws it smaller. In a media host only.
enum PictureDecoder {
    /// A JPEG is followed by its last marker, or by little else (thumbnails of cameras end with one, too).
    private static let endWithin = 4096

    /// - Parameter size: bytes of the file.
    /// - Parameter side: pixels of the longer side; 0 draws nothing.
    static func decode(
        fd: Int32, size: Int64, toSide side: Int
    ) throws(Failure) -> (facts: PictureFacts, drawing: [UInt8]) {
        guard size <= CoverImage.maxBytes, let count = Int(exactly: size) else {
            throw Failure(.unsupportedFormat, "the picture has more than \(CoverImage.maxBytes) bytes")
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let read = pread(fd, buffer.baseAddress?.advanced(by: filled), count - filled, off_t(filled))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { return }
                filled += read
            }
        }
        guard let header = PictureHeader(bytes) else {
            throw Failure(.unsupportedFormat, "this is no picture of a known kind")
        }
        guard header.pixels <= PictureLimits.pixelsMax else {
            throw Failure(
                .unsupportedFormat,
                "the picture has \(header.width) x \(header.height) pixels; \(PictureLimits.pixelsMax) are the limit")
        }
        if header.format == .jpeg, side == 0, !hasEnd(bytes) {
            throw Failure(.corruptFile, "the picture is cut off")
        }
        return try decode(bytes, header, toSide: side)
    }

    private static func decode(
        _ bytes: [UInt8], _ header: PictureHeader, toSide side: Int
    ) throws(Failure) -> (facts: PictureFacts, drawing: [UInt8]) {
        var picture = sillon_picture()
        var message = [CChar](repeating: 0, count: Int(SILLON_MESSAGE_SIZE))
        let status = sillon_picture_read(
            bytes, bytes.count, Int32(header.format.rawValue), Int32(PictureTurn(bytes).rawValue),
            Int32(clamping: side), Int64(PictureLimits.pixelsMax), &picture, &message)
        guard Int(status) == Int(SILLON_OK.rawValue) else {
            let text = String(
                decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            throw Failure(reason(Int(status)), text)
        }
        defer { sillon_picture_free(&picture) }
        let facts = PictureFacts(width: Int(picture.width), height: Int(picture.height))
        return (facts, Array(UnsafeBufferPointer(start: picture.jpeg, count: picture.jpeg_size)))
    }

    private static func reason(_ status: Int) -> Failure.Reason {
        switch status {
        case Int(SILLON_UNSUPPORTED.rawValue): .unsupportedFormat
        case Int(SILLON_MEMORY.rawValue): .parserMemory
        default: .corruptFile
        }
    }

    /// The decoder fills what is missing with grey and says nothing.
    private static func hasEnd(_ bytes: [UInt8]) -> Bool {
        let tail = bytes.suffix(endWithin)
        return zip(tail, tail.dropFirst()).contains { $0 == 0xFF && $1 == 0xD9 }
    }
}
