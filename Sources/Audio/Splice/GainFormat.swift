import CTagLib
import Domain

/// How ReplayGain gets into a file: by a splice, since TagLib rewrites tags and drops what it does not know in them.
enum GainFormat {
    /// MPEG audio and True Audio.
    case mpeg
    case ape, flac, chunks, mp4
    /// By TagLib, which numbers the pages anew.
    case ogg, opus

    static let unsupported = Failure(.unsupportedFormat, "is of a format into which ReplayGain is not written")

    init(_ descriptor: Int32, extension name: String) throws(Failure) {
        switch Int(sillon_gain_format(descriptor, name)) {
        case Int(SILLON_GAIN_MPEG): self = .mpeg
        case Int(SILLON_GAIN_CHUNKS): self = .chunks
        case Int(SILLON_GAIN_MP4): self = .mp4
        case Int(SILLON_GAIN_APE): self = .ape
        case Int(SILLON_GAIN_FLAC): self = .flac
        case Int(SILLON_GAIN_OGG): self = .ogg
        case Int(SILLON_GAIN_OPUS): self = .opus
        case Int(SILLON_GAIN_ERROR): throw Failure(.ioError, "cannot be read")
        default: throw Self.unsupported
        }
    }

    /// What has to be changed so that a file has these tags; nil where TagLib is to do it.
    func edits(_ file: FileBytes, _ fields: [GainField]) throws(Failure) -> [FileEdit]? {
        switch self {
        case .mpeg: try TaggedStream(file, isOfAPE: false).edits(fields)
        case .ape: try TaggedStream(file, isOfAPE: true).edits(fields)
        case .flac: try FLACFile(file).edits(fields)
        case .chunks: try ChunkedFile(file).edits(fields)
        case .mp4: try MP4File(file).edits(fields)
        case .ogg, .opus: nil
        }
    }

    /// All that must stay as it is.
    func parts(_ file: FileBytes, apartFrom fields: [GainField]) throws(Failure) -> [FilePart] {
        switch self {
        case .mpeg: try TaggedStream(file, isOfAPE: false).parts(apartFrom: fields)
        case .ape: try TaggedStream(file, isOfAPE: true).parts(apartFrom: fields)
        case .flac: try FLACFile(file).parts(apartFrom: fields)
        case .chunks: try ChunkedFile(file).parts(apartFrom: fields)
        case .mp4: try MP4File(file).parts(apartFrom: fields)
        case .ogg, .opus: try OggComments(file).parts(apartFrom: fields)
        }
    }
}
