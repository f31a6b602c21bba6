/// The mapping tables.
extension TagNames {
    /// Names as Vorbis comments have them, in lower case, and their other spellings.
    static let known: [String: TagName] = [
        "title": .field(.title), "album": .field(.album), "artist": .field(.artist), "artists": .field(.artists),
        "albumartist": .field(.albumArtist), "albumartists": .field(.albumArtists), "genre": .field(.genre),
        "tracknumber": .field(.trackNumber), "tracktotal": .field(.trackTotal), "discnumber": .field(.discNumber),
        "disctotal": .field(.discTotal), "date": .field(.date), "originaldate": .field(.originalDate),
        "originalyear": .field(.originalYear), "compilation": .field(.compilation), "bpm": .field(.bpm),
        "key": .field(.key), "musicbrainz_trackid": .field(.recordingID),
        "musicbrainz_releasetrackid": .field(.releaseTrackID), "musicbrainz_albumid": .field(.releaseID),
        "musicbrainz_releasegroupid": .field(.releaseGroupID), "musicbrainz_workid": .field(.workID),
        "musicbrainz_artistid": .field(.artistIDs), "musicbrainz_albumartistid": .field(.albumArtistIDs),
        "replaygain_track_gain": .field(.trackGain), "replaygain_album_gain": .field(.albumGain),
        "replaygain_track_peak": .field(.trackPeak), "replaygain_album_peak": .field(.albumPeak),
        "r128_track_gain": .field(.r128TrackGain), "r128_album_gain": .field(.r128AlbumGain),
        "album artist": .field(.albumArtist), "album_artist": .field(.albumArtist), "ensemble": .field(.albumArtist),
        "album artists": .field(.albumArtists), "album_artists": .field(.albumArtists),
        "artist sort": .other("artistsort"), "album artist sort": .other("albumartistsort"),
        "albumartist sort": .other("albumartistsort"), "album sort": .other("albumsort"),
        "title sort": .other("titlesort"), "composer sort": .other("composersort"), "track": .field(.trackNumber),
        "track number": .field(.trackNumber), "tracknum": .field(.trackNumber), "totaltracks": .field(.trackTotal),
        "tracks total": .field(.trackTotal), "total tracks": .field(.trackTotal), "disc": .field(.discNumber),
        "disk": .field(.discNumber), "disknumber": .field(.discNumber), "disc number": .field(.discNumber),
        "partofset": .field(.discNumber), "totaldiscs": .field(.discTotal), "disktotal": .field(.discTotal),
        "totaldisks": .field(.discTotal), "total discs": .field(.discTotal), "setsubtitle": .other("discsubtitle"),
        "year": .field(.date), "original year": .field(.originalYear), "original date": .field(.originalDate),
        "itunescompilation": .field(.compilation), "tempo": .field(.bpm), "beatsperminute": .field(.bpm),
        "initialkey": .field(.key), "initial key": .field(.key), "organization": .other("label"),
        "publisher": .other("label"), "catalognum": .other("catalognumber"), "labelno": .other("catalognumber"),
        "catalog": .other("catalognumber"), "ean/upn": .other("barcode"), "upc": .other("barcode"),
        "mixartist": .other("remixer"), "modifiedby": .other("remixer"), "unsyncedlyrics": .other("lyrics"),
        "unsynced lyrics": .other("lyrics"), "description": .other("comment"), "writer": .other("lyricist"),
        "content group": .other("grouping"), "musicbrainz_albumtype": .other("releasetype"),
        "musicbrainz_albumstatus": .other("releasestatus"), "musicbrainz album type": .other("releasetype"),
        "musicbrainz album status": .other("releasestatus"),
        "musicbrainz album release country": .other("releasecountry"),
        "musicbrainz_albumreleasecountry": .other("releasecountry"), "musicbrainz track id": .field(.recordingID),
        "musicbrainz recording id": .field(.recordingID), "musicbrainz release track id": .field(.releaseTrackID),
        "musicbrainz album id": .field(.releaseID), "musicbrainz release group id": .field(.releaseGroupID),
        "musicbrainz artist id": .field(.artistIDs), "musicbrainz album artist id": .field(.albumArtistIDs),
        "musicbrainz work id": .field(.workID), "musicbrainz/track id": .field(.recordingID),
        "musicbrainz/release track id": .field(.releaseTrackID), "musicbrainz/album id": .field(.releaseID),
        "musicbrainz/release group id": .field(.releaseGroupID), "musicbrainz/artist id": .field(.artistIDs),
        "musicbrainz/album artist id": .field(.albumArtistIDs), "musicbrainz/work id": .field(.workID),
        "musicbrainz/album type": .other("releasetype"), "musicbrainz/album status": .other("releasestatus"),
        "musicbrainz/album release country": .other("releasecountry"), "acoustid id": .other("acoustid_id"),
        "acoustid/id": .other("acoustid_id"), "acoustid fingerprint": .other("acoustid_fingerprint"),
        "acoustid/fingerprint": .other("acoustid_fingerprint"), "encoder": .ignored, "encoding": .ignored,
        "encodersettings": .ignored, "encodingsettings": .ignored, "encodedby": .ignored, "encodingtime": .ignored,
        "vendor": .ignored, "itunnorm": .ignored, "itunsmpb": .ignored, "itunpgap": .ignored,
        "metadata_block_picture": .ignored, "coverart": .ignored, "coverartmime": .ignored, "major_brand": .ignored,
        "minor_version": .ignored, "compatible_brands": .ignored, "isvbr": .ignored,
        "waveformatextensible_channel_mask": .ignored,
    ]

    /// Frames; those that carry a name of their own (`TXXX:…`) are not here.
    static let id3v2Frames: [String: TagName] = [
        "TIT2": .field(.title), "TALB": .field(.album), "TPE1": .field(.artist), "TPE2": .field(.albumArtist),
        "TSOP": .other("artistsort"), "TSO2": .other("albumartistsort"), "TSOA": .other("albumsort"),
        "TSOT": .other("titlesort"), "TSOC": .other("composersort"), "TRCK": .field(.trackNumber),
        "TPOS": .field(.discNumber), "TSST": .other("discsubtitle"), "TDRC": .field(.date), "TYER": .field(.date),
        "TDRL": .other("releasedate"), "TDOR": .field(.originalDate), "TORY": .field(.originalDate),
        "TCON": .field(.genre), "TCMP": .field(.compilation), "TBPM": .field(.bpm), "TKEY": .field(.key),
        "TSRC": .other("isrc"), "TPUB": .other("label"), "TMED": .other("media"), "TCOM": .other("composer"),
        "TPE3": .other("conductor"), "TEXT": .other("lyricist"), "TPE4": .other("remixer"),
        "TIT1": .other("grouping"), "GRP1": .other("grouping"), "TIT3": .other("subtitle"), "TMOO": .other("mood"),
        "TCOP": .other("copyright"), "TLAN": .other("language"), "TOPE": .other("originalartist"),
        "TOAL": .other("originalalbum"), "MVNM": .other("movementname"), "MVIN": .other("movementnumber"),
        "USLT": .other("lyrics"), "SYLT": .other("syncedlyrics"),
        "TSSE": .ignored, "TENC": .ignored, "TLEN": .ignored, "TSIZ": .ignored,
        "TDLY": .ignored, "TFLT": .ignored, "TDEN": .ignored, "TDTG": .ignored, "TOFN": .ignored, "TOWN": .ignored,
        "TDAT": .ignored, "TIME": .ignored, "TRDA": .ignored,
    ]

    /// Atoms of the item list.
    static let mp4Atoms: [String: TagName] = [
        "©nam": .field(.title), "©alb": .field(.album), "©ART": .field(.artist), "aART": .field(.albumArtist),
        "soar": .other("artistsort"), "soaa": .other("albumartistsort"), "soal": .other("albumsort"),
        "sonm": .other("titlesort"), "soco": .other("composersort"), "trkn": .field(.trackNumber),
        "disk": .field(.discNumber), "©day": .field(.date), "©gen": .field(.genre), "gnre": .field(.genre),
        "cpil": .field(.compilation), "tmpo": .field(.bpm), "©wrt": .other("composer"), "©grp": .other("grouping"),
        "©wrk": .other("work"), "©mvn": .other("movementname"), "©mvi": .other("movementnumber"),
        "©lyr": .other("lyrics"), "©cmt": .other("comment"), "desc": .other("comment"), "cprt": .other("copyright"),
        "©con": .other("conductor"), "©too": .ignored, "tvsh": .ignored, "stik": .ignored, "pgap": .ignored,
        "rtng": .other("itunesadvisory"),
    ]

    /// Attributes of Windows Media.
    static let asf: [String: TagName] = [
        "Title": .field(.title), "Author": .field(.artist), "Description": .other("comment"),
        "Copyright": .other("copyright"), "WM/AlbumTitle": .field(.album), "WM/AlbumArtist": .field(.albumArtist),
        "WM/ArtistSortOrder": .other("artistsort"), "WM/AlbumArtistSortOrder": .other("albumartistsort"),
        "WM/AlbumSortOrder": .other("albumsort"), "WM/TitleSortOrder": .other("titlesort"),
        "WM/ComposerSortOrder": .other("composersort"), "WM/TrackNumber": .field(.trackNumber),
        "WM/PartOfSet": .field(.discNumber), "WM/SetSubTitle": .other("discsubtitle"), "WM/Year": .field(.date),
        "WM/OriginalReleaseYear": .field(.originalYear), "WM/OriginalReleaseTime": .field(.originalDate),
        "WM/Genre": .field(.genre), "WM/IsCompilation": .field(.compilation), "WM/BeatsPerMinute": .field(.bpm),
        "WM/InitialKey": .field(.key), "WM/ISRC": .other("isrc"), "WM/Publisher": .other("label"),
        "WM/CatalogNo": .other("catalognumber"), "WM/Barcode": .other("barcode"), "WM/Media": .other("media"),
        "WM/Composer": .other("composer"), "WM/Conductor": .other("conductor"), "WM/Writer": .other("lyricist"),
        "WM/ModifiedBy": .other("remixer"), "WM/ContentGroupDescription": .other("grouping"),
        "WM/Lyrics": .other("lyrics"), "WM/ARTISTS": .field(.artists), "WM/Producer": .other("producer"),
        "WM/SubTitle": .other("subtitle"), "WM/Mood": .other("mood"), "WM/Language": .other("language"),
    ]

    /// What libavformat calls otherwise than Vorbis comments do, in lower case.
    static let containerKeys: [String: TagName] = [
        "album/title": .field(.album), "album/artist": .field(.albumArtist), "album/date_released": .field(.date),
        "album/total_parts": .field(.trackTotal), "album/part_number": .field(.discNumber),
        "album/genre": .field(.genre), "track/part_number": .field(.trackNumber), "part_number": .field(.trackNumber),
        "total_parts": .field(.trackTotal), "track/date_released": .field(.date), "date_released": .field(.date),
        "tbpm": .field(.bpm), "tkey": .field(.key), "encoded_by": .ignored, "creation_time": .ignored,
        "duration": .ignored, "handler_name": .ignored, "encoder_settings": .ignored,
    ]

    /// Chunks of the INFO list in WAV files.
    static let riffInfo: [String: TagName] = [
        "INAM": .field(.title), "IART": .field(.artist), "IPRD": .field(.album), "ICRD": .field(.date),
        "IGNR": .field(.genre), "IPRT": .field(.trackNumber), "ITRK": .field(.trackNumber), "ICMT": .other("comment"),
        "ICOP": .other("copyright"), "IMUS": .other("composer"), "IWRI": .other("lyricist"), "ISRC": .other("source"),
        "ILNG": .other("language"), "IBPM": .field(.bpm), "IPUB": .other("label"),
        // The text chunks of AIFF.
        "NAME": .field(.title), "AUTH": .field(.artist), "ANNO": .other("comment"), "(c) ": .other("copyright"),
    ]
}
