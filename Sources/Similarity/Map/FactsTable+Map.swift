import Domain

/// What the points of the picture are coloured by, in the order of the ids that were asked for.
package struct MapColours: Hashable, Sendable {
    package struct Genre: Hashable, Sendable {
        package let id: Int64
        package let tracks: Int
    }

    /// The commonest ones, the commonest first.
    package fileprivate(set) var genres: [Genre] = []
    /// 0: none; 1…: the place in `genres`; one more than there are: another.
    package fileprivate(set) var genre: [UInt8] = []
    /// Beats per minute; 0: unknown.
    package fileprivate(set) var tempo: [UInt16] = []
    /// See `CamelotKey.ordinal`; 0: unknown.
    package fileprivate(set) var key: [UInt8] = []
}

extension FactsTable {
    /// - Parameter legend: How many genres have a colour of their own; at most 200. A track of several is shown as the
    ///   commonest of them.
    package func colours(of ids: [Int64], legend: Int) -> MapColours {
        precondition((0...200).contains(legend), "a place in the legend fits into a byte")
        let rows = ids.map(row)
        var uses = [Int](repeating: 0, count: idLists.values.count)
        for case let row? in rows where row.genres >= 0 { uses[Int(row.genres)] += 1 }
        var colours = MapColours()
        let commonest = commonest(uses, legend)
        let places = placesOfLists(commonest)
        let genre = rows.map { row in row.map { $0.genres >= 0 ? places[Int($0.genres)] : 0 } ?? 0 }
        // One that each of its tracks shares with a commoner one colours no point, and has no place in the legend.
        let used = Set(genre)
        let kept = commonest.indices.filter { used.contains(UInt8($0 + 1)) }
        var place = [UInt8](repeating: 0, count: commonest.count + 2)
        for (new, old) in kept.enumerated() { place[old + 1] = UInt8(new + 1) }
        place[commonest.count + 1] = UInt8(kept.count + 1)
        colours.genres = kept.map { commonest[$0] }
        colours.genre = genre.map { place[Int($0)] }
        colours.tempo = rows.map { row in row.map { UInt16(min(max($0.tempo.rounded(), 0), 65535)) } ?? 0 }
        colours.key = rows.map { $0?.key ?? 0 }
        return colours
    }

    private func commonest(_ uses: [Int], _ count: Int) -> [MapColours.Genre] {
        var tracks: [Int64: Int] = [:]
        for (list, uses) in zip(idLists.values, uses) where uses > 0 {
            for genre in Set(list ?? []) { tracks[genre, default: 0] += uses }
        }
        let sorted = tracks.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(count).map { MapColours.Genre(id: $0.key, tracks: $0.value) }
    }

    private func placesOfLists(_ genres: [MapColours.Genre]) -> [UInt8] {
        let places = Dictionary(uniqueKeysWithValues: genres.enumerated().map { ($1.id, UInt8($0 + 1)) })
        let another = UInt8(genres.count + 1)
        return idLists.values.map { list in
            guard let list, !list.isEmpty else { return 0 }
            return list.compactMap { places[$0] }.min() ?? another
        }
    }
}
