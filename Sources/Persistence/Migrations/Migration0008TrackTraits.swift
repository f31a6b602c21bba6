extension Migration {
    /// Which tracks are explicit (1), live (2) or for Christmas (4), as their tags say; a row only for those that are one
    /// of these. The tags that are there are read by their text, as this build and those before have written it.
    static let trackTraits = Migration(
        version: 8, name: "track traits",
        sqlite: Script(
            up: [
                """
                CREATE TABLE track_trait (
                    track_id INTEGER PRIMARY KEY REFERENCES track (id),
                    traits INTEGER NOT NULL CHECK (traits BETWEEN 1 AND 255)) STRICT
                """, readTags,
            ], down: dropTraits),
        postgres: Script(
            up: [
                """
                CREATE TABLE track_trait (
                    track_id BIGINT PRIMARY KEY REFERENCES track (id),
                    traits BIGINT NOT NULL CHECK (traits BETWEEN 1 AND 255))
                """, readTags,
            ], down: dropTraits))

    private static let readTags = """
        INSERT INTO track_trait (track_id, traits)
        SELECT id, explicit + live + christmas FROM (
            SELECT named.id,
                CASE WHEN details LIKE '%"itunesadvisory":["1"%' OR details LIKE '%"itunesadvisory":["4"%'
                    THEN 1 ELSE 0 END AS explicit,
                CASE WHEN lower(details) LIKE '%"releasetype":["live"%'
                        OR lower(details) LIKE '%"releasetype":["album","live"%'
                        OR names LIKE '%(live%' OR names LIKE '%[live%'
                    THEN 2 ELSE 0 END AS live,
                CASE WHEN names LIKE '%christmas%' OR names LIKE '%xmas%' OR names LIKE '%x-mas%'
                        OR names LIKE '%weihnacht%' OR names LIKE '%noël%' OR names LIKE '%navidad%'
                        OR names LIKE '%natale%'
                    THEN 4 ELSE 0 END AS christmas
            FROM (
                SELECT track.id, track.details, lower(coalesce(track.title, '') || ' ' || coalesce(album.title, '')
                    || ' ' || coalesce((SELECT min(genre.key) FROM track_genre
                        JOIN genre ON genre.id = track_genre.genre_id WHERE track_genre.track_id = track.id
                        AND (genre.key LIKE '%christmas%' OR genre.key LIKE '%xmas%')), '')) AS names
                FROM track LEFT JOIN album ON album.id = track.album_id) AS named) AS traits
        WHERE explicit + live + christmas > 0
        """
    private static let dropTraits = ["DROP TABLE track_trait"]
}
