import Foundation

/// A Vorbis comment block (xiph.org, Vorbis I §5): the tags of FLAC, Ogg Vorbis and Opus.
struct VorbisComment {
    let tags: TrackTags
    /// Ogg has no picture block, so the cover travels as a base64 comment; FLAC has one of its own.
    let includesCover: Bool

    var bytes: [UInt8] {
        var comments = fields.flatMap { name, values in
            values.filter { !$0.isEmpty }.map { "\(name)=\($0)" }
        }
        if includesCover, let cover = tags.cover {
            comments.append("METADATA_BLOCK_PICTURE=" + Data(Self.pictureBlock(cover)).base64EncodedString())
        }
        var block: [UInt8] = []
        for text in ["sillon demo"] { Self.append(text, to: &block) }
        block.append(littleEndian: comments.count, bytes: 4)
        for comment in comments { Self.append(comment, to: &block) }
        return block
    }

    private var fields: [(String, [String])] {
        [
            ("TITLE", [tags.title]), ("ARTIST", tags.artists), ("ALBUM", [tags.album]),
            ("ALBUMARTIST", [tags.albumArtist]), ("TRACKNUMBER", ["\(tags.trackNumber)"]),
            ("TRACKTOTAL", ["\(tags.trackTotal)"]), ("DISCNUMBER", ["\(tags.discNumber)"]),
            ("DISCTOTAL", ["\(tags.discTotal)"]), ("DATE", [tags.date]), ("GENRE", tags.genres),
            ("COMPOSER", [tags.composer ?? ""]), ("COMPILATION", tags.isCompilation ? ["1"] : []),
            ("BPM", [tags.bpm.map(String.init) ?? ""]), ("KEY", [tags.key ?? ""]),
            ("MUSICBRAINZ_TRACKID", [tags.recordingID ?? ""]),
            ("MUSICBRAINZ_RELEASETRACKID", [tags.releaseTrackID ?? ""]),
            ("MUSICBRAINZ_ALBUMID", [tags.releaseID ?? ""]), ("MUSICBRAINZ_ARTISTID", tags.artistIDs),
            ("MUSICBRAINZ_ALBUMARTISTID", [tags.albumArtistID ?? ""]),
        ]
    }

    /// The body of a FLAC picture block (type 6), front cover, size left to the reader of the picture.
    static func pictureBlock(_ cover: TrackTags.Cover) -> [UInt8] {
        var block: [UInt8] = []
        block.append(bigEndian: 3, bytes: 4)
        block.append(bigEndian: cover.mediaType.utf8.count, bytes: 4)
        block.append(text: cover.mediaType)
        for _ in 0..<5 { block.append(bigEndian: 0, bytes: 4) }
        block.append(bigEndian: cover.bytes.count, bytes: 4)
        return block + cover.bytes
    }

    private static func append(_ text: String, to block: inout [UInt8]) {
        block.append(littleEndian: text.utf8.count, bytes: 4)
        block.append(text: text)
    }
}
