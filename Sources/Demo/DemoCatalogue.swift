/// The five records of the demo library: 24 pieces, 60 to 180 beats per minute, in all formats.
enum DemoCatalogue {
    static let albums = [furrowLines, nightBus, petitesMachines, bellsUnderWater, openFields]

    private static let furrowLines = DemoAlbum(
        title: "Furrow Lines", artist: "Marled Field", date: "1998-05-21", genres: ["Folk", "Acoustic"],
        composer: "Ida Wren", isCompilation: false, cover: .embedded(mediaType: "image/png"), peakDb: -6,
        pieces: [
            folk("First Light on Stubble", 92, MusicalKey(7, .major), .none, 32),
            folk("The Ploughman's Daughter", 120, MusicalKey(2, .major), .brushes, 30),
            folk("Hedgerow Waltzes Away", 78, MusicalKey(9, .minor), .none, 30),
            folk("Larks Over Clay", 138, MusicalKey(0, .major), .brushes, 28),
            folk("Home by the Low Road", 66, MusicalKey(4, .minor), .none, 34),
        ])

    private static func folk(
        _ title: String, _ bpm: Double, _ key: MusicalKey, _ drums: DrumStyle, _ seconds: Double
    ) -> DemoAlbum.Piece {
        DemoAlbum.Piece(
            title: title, artists: ["Marled Field"], bpm: bpm, key: key, timbre: .strings, drums: drums,
            seconds: seconds, format: .flac)
    }

    private static let nightBus = DemoAlbum(
        title: "Night Bus to Orvane", artist: "Kestrel Vane", date: "2011", genres: ["Electronic", "House"],
        composer: nil, isCompilation: false, cover: .embedded(mediaType: "image/jpeg"), peakDb: -0.3,
        pieces: [
            club("Depot", 124, MusicalKey(9, .minor), .synth),
            club("Sodium Lamps", 128, MusicalKey(5, .minor), .synth),
            club("Orvane", 126, MusicalKey(0, .minor), .synth, ["Kestrel Vane", "Noor Idris"]),
            club("Request Stop", 174, MusicalKey(2, .minor), .synth),
            club("Last Seat Upstairs", 100, MusicalKey(7, .minor), .pads),
        ])

    private static func club(
        _ title: String, _ bpm: Double, _ key: MusicalKey, _ timbre: Timbre, _ artists: [String] = ["Kestrel Vane"]
    ) -> DemoAlbum.Piece {
        DemoAlbum.Piece(
            title: title, artists: artists, bpm: bpm, key: key, timbre: timbre, drums: .club, seconds: 30, format: .mp3)
    }

    private static let petitesMachines = DemoAlbum(
        title: "Petites machines à écouter", artist: "Éloïse Morand", date: "2019-11", genres: ["Jazz"],
        composer: "Éloïse Morand", isCompilation: false, cover: .sidecar, peakDb: -3,
        pieces: [
            jazz("Ressort", 104, MusicalKey(5, .major), .keys, .brushes),
            jazz("L'Échappement", 152, MusicalKey(10, .major), .keys, .rock),
            jazz("Métronome cassé", 84, MusicalKey(3, .major), .keys, .brushes),
            jazz("Deux rouages", 116, MusicalKey(0, .minor), .organ, .rock),
            jazz("Remontoir", 60, MusicalKey(8, .major), .organ, .brushes),
        ])

    private static func jazz(
        _ title: String, _ bpm: Double, _ key: MusicalKey, _ timbre: Timbre, _ drums: DrumStyle
    ) -> DemoAlbum.Piece {
        DemoAlbum.Piece(
            title: title, artists: ["Éloïse Morand", "Trio Vauclair"], bpm: bpm, key: key, timbre: timbre,
            drums: drums, seconds: 30, format: .opus)
    }

    private static let bellsUnderWater = DemoAlbum(
        title: "Bells Under Water", artist: "Ōtari Ensemble", date: "2004-02-29", genres: ["Ambient"],
        composer: "Ōtari Ensemble", isCompilation: false, cover: .embedded(mediaType: "image/jpeg"), peakDb: -9,
        pieces: [
            ambient("深い鐘 (Deep Bell)", 72, MusicalKey(1, .major), .bells),
            ambient("Harbour, Three A.M.", 64, MusicalKey(6, .minor), .pads),
            ambient("Silt", 80, MusicalKey(11, .minor), .bells),
            ambient("What the Tide Keeps", 70, MusicalKey(4, .major), .pads),
        ])

    private static func ambient(
        _ title: String, _ bpm: Double, _ key: MusicalKey, _ timbre: Timbre
    ) -> DemoAlbum.Piece {
        DemoAlbum.Piece(
            title: title, artists: ["Ōtari Ensemble"], bpm: bpm, key: key, timbre: timbre, drums: .none, seconds: 36,
            format: .ogg)
    }

    private static let openFields = DemoAlbum(
        title: "Open Fields, Volume 1", artist: "Various Artists", date: "2023-08-01", genres: ["Rock", "Pop"],
        composer: nil, isCompilation: true, cover: .sidecar, peakDb: -1,
        pieces: [
            various("Gravel Choir", "Sing It Flat", 132, MusicalKey(4, .major), .organ, .rock, .m4a),
            various("Tin Weather", "Barometer", 160, MusicalKey(9, .major), .strings, .rock, .m4a),
            various("Noor Idris", "Paper Lantern", 96, MusicalKey(6, .major), .keys, .rock, .oldMP3),
            various("The Understory", "Moss Radio", 112, MusicalKey(11, .minor), .synth, .rock, .wav),
            various("AC/DH", "Voltage (Slow Version)", 180, MusicalKey(2, .major), .organ, .club, .aiff),
        ])

    private static func various(
        _ artist: String, _ title: String, _ bpm: Double, _ key: MusicalKey, _ timbre: Timbre, _ drums: DrumStyle,
        _ format: AudioFormat
    ) -> DemoAlbum.Piece {
        DemoAlbum.Piece(
            title: title, artists: [artist], bpm: bpm, key: key, timbre: timbre, drums: drums, seconds: 24,
            format: format)
    }
}
