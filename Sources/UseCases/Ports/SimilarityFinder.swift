import Domain
import Similarity

/// A track that sounds like what was asked for, how much, and why it stands where it stands.
package struct SimilarTrack: Hashable, Sendable {
    package var track: Track
    /// 0…1: cosine of the angle between the track and what was asked for, negative ones as 0. 1 is the same sound.
    package let score: Double
    /// As `score`, to the track before in a list that is played in its order; nil for the first, and elsewhere.
    package var step: Double?
    package var why = SimilarityReason()

    package init(track: Track, score: Double) {
        self.track = track
        self.score = score
    }
}

package struct SimilarityReason: Hashable, Sendable {
    /// What the distance behind `score` is made of; nil when there is none, or the model has no such parts.
    package var shares: SoundShares?
    /// The place by likeness alone, from 1; nil where there is no such order.
    package var rank: Int?
    package var movedBy: SimilarityRule?
    package var broken: [SimilarityRule] = []

    package init() {}
}

/// What the answer is to sound like, and not like.
package struct SimilarityTarget: Hashable, Sendable {
    package var plus: [SimilaritySeed]
    package var minus: [SimilaritySeed] = []
    /// 0…1: how much `minus` counts; see `SeedVector`.
    package var minusWeight: Double?

    package init(plus: [SimilaritySeed]) {
        self.plus = plus
    }

    /// Seeds to add, and to subtract.
    package static let maxSeeds = 100
}

package struct SimilarQuestion: Hashable, Sendable {
    package var target: SimilarityTarget
    package var filter = SimilarityFilter()
    package var rules = SimilarityRules()
    package var limit: Int

    package init(_ target: SimilarityTarget, limit: Int) {
        self.target = target
        self.limit = limit
    }
}

package struct PathQuestion: Hashable, Sendable {
    package var from: Int64
    package var to: Int64
    /// Tracks, with both ends.
    package var length: Int
    package var filter = SimilarityFilter()
    package var rules = SimilarityRules()

    package static let maxLength = PathSearch.maxLength

    package init(from: Int64, to: Int64, length: Int) {
        self.from = from
        self.to = to
        self.length = length
    }
}

package struct RadioQuestion: Hashable, Sendable {
    package var target: SimilarityTarget
    package var filter = SimilarityFilter()
    package var rules = SimilarityRules.radio
    /// Where the radio goes on, which carries the number that it was seeded with.
    package var place: RadioPlace
    package var limit: Int

    package init(_ target: SimilarityTarget, place: RadioPlace, limit: Int) {
        self.target = target
        self.place = place
        self.limit = limit
    }
}

/// A part of an endless list.
package struct RadioStretch: Hashable, Sendable {
    package var items: [SimilarTrack]
    package let seed: Int64
    /// Nil only when nothing may be played at all.
    package let next: RadioPlace?

    package init(items: [SimilarTrack], seed: Int64, next: RadioPlace?) {
        self.items = items
        self.seed = seed
        self.next = next
    }
}

/// Why a question has no answer.
package enum SimilarityProblem: Error, Hashable, Sendable {
    /// A track without a vector; the task that is to make it, if one is known.
    case notHeard(String, TaskRecord?)
    /// The question contradicts itself, or names what is not there.
    case senseless(String)
    /// What is to answer cannot, for the moment or until somebody does what the text says.
    case away(String, seconds: Double)
}

/// Throws `StoreError.notFound` for a track, album or artist that is not known, and `SimilarityProblem`.
package protocol SimilarityFinder: Sendable {
    /// Best match first, without the seeds.
    func similar(_ question: SimilarQuestion) async throws -> [SimilarTrack]
    /// From the first track to the last; shorter than asked for when there are not enough tracks between.
    func path(_ question: PathQuestion) async throws -> [SimilarTrack]
    /// The same question gets the same list as long as the library is the same.
    func radio(_ question: RadioQuestion) async throws -> RadioStretch
}
