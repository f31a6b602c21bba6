import Domain
import UseCases

extension Shape where Value == DuplicateList {
    static let duplicates = Shape.object("DuplicatePage") {
        Field("items", Shape<DuplicateGroup>.duplicateGroup.list) { $0.page.items }
        Field(optional: "next_cursor", .text, "Asks for the next page; null on the last one.") { $0.page.nextCursor }
        Field("compared", .count, "Recordings that were compared with others by now.") { $0.progress.compared }
        Field(
            "without_fingerprint", .count,
            "Those of them that have no fingerprint: what they are to others is a guess at best."
        ) { $0.progress.withoutFingerprint }
        Field("waiting", .count, "Changes in the library that were not looked at yet.") { $0.progress.waiting }
    }
}

extension Shape where Value == DuplicateGroup {
    static let duplicateGroup = Shape.object("DuplicateGroup") {
        Field("id", .text, "Stays as long as the group does.") { $0.id }
        Field("items", Shape<DuplicateGroup.Member>.duplicate.list, "The one that is best kept comes first.") {
            $0.members
        }
    }
}

extension Shape where Value == DuplicateGroup.Member {
    static let duplicate = Shape.object("Duplicate") {
        Field("best", .flag, "The best of the group: lossless, whole, and of the highest rate.") { $0.isBest }
        Field("quality", .quality, "suspect: called lossless, but its spectrum looks as if it had been lossy.") {
            $0.quality
        }
        Field(optional: "compared_with", .integer, "The track that the following members are about.") {
            $0.link?.trackID
        }
        Field(
            optional: "evidence", Shape<DuplicateEvidence.Kind>.evidence,
            "same_content: the same encoded audio. same_fingerprint: few bits of their fingerprints differ. "
                + "probable: one has no fingerprint, but they sound the same and are equally long."
        ) { $0.link?.evidence.kind }
        Field(
            optional: "score", .number,
            "How sure it is: 1 for the same content; 1 - 2 * bit_error_rate, 0 being chance; else likeness."
        ) { $0.link?.evidence.score }
        Field(optional: "bit_error_rate", .number, "The share of bits that differ; 0.5 is chance.") {
            $0.link?.match?.bitErrorRate
        }
        Field(optional: "overlap_ms", .count, "What of the first two minutes was compared.") {
            $0.link?.match?.overlapMs
        }
        Field(optional: "offset_ms", .count, "By how much more this one has at its beginning; it may be negative.") {
            $0.link?.match?.offsetMs
        }
        Field(optional: "likeness", .number, "The cosine of their vectors, with probable only.") { $0.link?.likeness }
        Field("track", .track) { $0.track }
    }
}

extension Shape where Value == AudioQuality.Kind {
    static let quality = choice
}

extension Shape where Value == DuplicateEvidence.Kind {
    static let evidence = choice
}

extension DuplicateGroup.Link {
    fileprivate var match: FingerprintMatch? {
        if case .sameFingerprint(let match) = evidence { match } else { nil }
    }

    fileprivate var likeness: Double? {
        if case .probable(let likeness) = evidence { likeness } else { nil }
    }
}
