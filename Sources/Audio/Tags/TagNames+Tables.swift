/// The mapping tables. An empty name means: known, and not kept.
extension TagNames {
    /// Other spellings of names that are otherwise taken as they are.
    static let aliases: [String: String] = [
        "album artist": "albumartist", "album_artist": "albumartist", "ensemble": "albumartist",
        "album artists": "albumartists", "album_artists": "albumartists",
        "artist sort": "artistsort", "album artist sort": "albumartistsort", "albumartist sort": "albumartistsort",
        "album sort": "albumsort", "title sort": "titlesort", "composer sort": "composersort",
        "track": "tracknumber", "track number": "tracknumber", "tracknum": "tracknumber",
        "totaltracks": "tracktotal", "tracks total": "tracktotal", "total tracks": "tracktotal",
        "disc": "discnumber", "disk": "discnumber", "disknumber": "discnumber", "disc number": "discnumber",
        "partofset": "discnumber",
        "totaldiscs": "disctotal", "disktotal": "disctotal", "totaldisks": "disctotal", "total discs": "disctotal",
        "setsubtitle": "discsubtitle",
        "year": "date", "original year": "originalyear", "original date": "originaldate",
        "itunescompilation": "compilation", "tempo": "bpm", "beatsperminute": "bpm",
        "initialkey": "key", "initial key": "key",
        "organization": "label", "publisher": "label", "catalognum": "catalognumber", "labelno": "catalognumber",
        "catalog": "catalognumber", "ean/upn": "barcode", "upc": "barcode",
        "mixartist": "remixer", "modifiedby": "remixer", "unsyncedlyrics": "lyrics", "unsynced lyrics": "lyrics",
        "description": "comment", "writer": "lyricist", "content group": "grouping",
        "musicbrainz_albumtype": "releasetype", "musicbrainz_albumstatus": "releasestatus",
        "musicbrainz album type": "releasetype", "musicbrainz album status": "releasestatus",
        "musicbrainz album release country": "releasecountry", "musicbrainz_albumreleasecountry": "releasecountry",
        "musicbrainz track id": "musicbrainz_trackid", "musicbrainz recording id": "musicbrainz_trackid",
        "musicbrainz release track id": "musicbrainz_releasetrackid", "musicbrainz album id": "musicbrainz_albumid",
        "musicbrainz release group id": "musicbrainz_releasegroupid",
        "musicbrainz artist id": "musicbrainz_artistid", "musicbrainz album artist id": "musicbrainz_albumartistid",
        "musicbrainz work id": "musicbrainz_workid",
        "musicbrainz/track id": "musicbrainz_trackid", "musicbrainz/release track id": "musicbrainz_releasetrackid",
        "musicbrainz/album id": "musicbrainz_albumid", "musicbrainz/release group id": "musicbrainz_releasegroupid",
        "musicbrainz/artist id": "musicbrainz_artistid",
        "musicbrainz/album artist id": "musicbrainz_albumartistid", "musicbrainz/work id": "musicbrainz_workid",
        "musicbrainz/album type": "releasetype", "musicbrainz/album status": "releasestatus",
        "musicbrainz/album release country": "releasecountry",
        "acoustid id": "acoustid_id", "acoustid/id": "acoustid_id", "acoustid fingerprint": "acoustid_fingerprint",
        "acoustid/fingerprint": "acoustid_fingerprint",
    ]

    static let ignored: Set<String> = [
        "encoder", "encoding", "encodersettings", "encodingsettings", "encodedby", "encodingtime", "vendor",
        "itunnorm", "itunsmpb", "itunpgap", "metadata_block_picture", "coverart", "coverartmime",
        "major_brand", "minor_version", "compatible_brands", "isvbr", "waveformatextensible_channel_mask",
    ]

    static let id3v2Frames: [String: String] = [
        "TIT2": "title", "TALB": "album", "TPE1": "artist", "TPE2": "albumartist", "TSOP": "artistsort",
        "TSO2": "albumartistsort", "TSOA": "albumsort", "TSOT": "titlesort", "TSOC": "composersort",
        "TRCK": "tracknumber", "TPOS": "discnumber", "TSST": "discsubtitle", "TDRC": "date", "TYER": "date",
        "TDRL": "releasedate", "TDOR": "originaldate", "TORY": "originaldate", "TCON": "genre",
        "TCMP": "compilation", "TBPM": "bpm", "TKEY": "key", "TSRC": "isrc", "TPUB": "label", "TMED": "media",
        "TCOM": "composer", "TPE3": "conductor", "TEXT": "lyricist", "TPE4": "remixer", "TIT1": "grouping",
        "GRP1": "grouping", "TIT3": "subtitle", "TMOO": "mood", "TCOP": "copyright", "TLAN": "language",
        "TOPE": "originalartist", "TOAL": "originalalbum", "MVNM": "movementname", "MVIN": "movementnumber",
        "USLT": "lyrics", "TSSE": "", "TENC": "", "TLEN": "", "TSIZ": "", "TDLY": "", "TFLT": "", "TDEN": "",
        "TDTG": "", "TOFN": "", "TOWN": "", "TDAT": "", "TIME": "", "TRDA": "",
    ]

    static let mp4Atoms: [String: String] = [
        "©nam": "title", "©alb": "album", "©ART": "artist", "aART": "albumartist", "soar": "artistsort",
        "soaa": "albumartistsort", "soal": "albumsort", "sonm": "titlesort", "soco": "composersort",
        "trkn": "tracknumber", "disk": "discnumber", "©day": "date", "©gen": "genre", "gnre": "genre",
        "cpil": "compilation", "tmpo": "bpm", "©wrt": "composer", "©grp": "grouping", "©wrk": "work",
        "©mvn": "movementname", "©mvi": "movementnumber", "©lyr": "lyrics", "©cmt": "comment", "desc": "comment",
        "cprt": "copyright", "©con": "conductor", "©too": "", "tvsh": "", "stik": "", "pgap": "", "rtng": "",
    ]

    static let asf: [String: String] = [
        "Title": "title", "Author": "artist", "Description": "comment", "Copyright": "copyright",
        "WM/AlbumTitle": "album", "WM/AlbumArtist": "albumartist", "WM/ArtistSortOrder": "artistsort",
        "WM/AlbumArtistSortOrder": "albumartistsort", "WM/AlbumSortOrder": "albumsort",
        "WM/TitleSortOrder": "titlesort", "WM/ComposerSortOrder": "composersort",
        "WM/TrackNumber": "tracknumber", "WM/PartOfSet": "discnumber", "WM/SetSubTitle": "discsubtitle",
        "WM/Year": "date", "WM/OriginalReleaseYear": "originalyear", "WM/OriginalReleaseTime": "originaldate",
        "WM/Genre": "genre", "WM/IsCompilation": "compilation", "WM/BeatsPerMinute": "bpm", "WM/InitialKey": "key",
        "WM/ISRC": "isrc", "WM/Publisher": "label", "WM/CatalogNo": "catalognumber", "WM/Barcode": "barcode",
        "WM/Media": "media", "WM/Composer": "composer", "WM/Conductor": "conductor", "WM/Writer": "lyricist",
        "WM/ModifiedBy": "remixer", "WM/ContentGroupDescription": "grouping", "WM/Lyrics": "lyrics",
        "WM/ARTISTS": "artists", "WM/Producer": "producer", "WM/SubTitle": "subtitle", "WM/Mood": "mood",
        "WM/Language": "language",
    ]

    static let riffInfo: [String: String] = [
        "INAM": "title", "IART": "artist", "IPRD": "album", "ICRD": "date", "IGNR": "genre", "IPRT": "tracknumber",
        "ITRK": "tracknumber", "ICMT": "comment", "ICOP": "copyright", "IMUS": "composer", "IWRI": "lyricist",
        "ISRC": "source", "ILNG": "language", "IBPM": "bpm", "IPUB": "label",
    ]
}
