import Domain

extension PortableRecord {
    private static let keyLength = 64
    private static let maxNameLength = 200
    private static let maxComponents = 4096
    private static let maxParts = 100
    /// Vectors have unit length, but for rounding: a longer one would win every comparison.
    private static let lengthTolerance: Float = 0.001

    /// Why the record must not enter a library; nil when it may.
    ///
    /// - Parameter dimensions: Components of a vector, by the models that this build knows.
    package func problem(dimensions: [String: Int]) -> String? {
        guard contentKey.utf8.count == Self.keyLength, Hex.decode(contentKey) != nil,
            contentKey == contentKey.lowercased()
        else { return "content_key is no SHA-256 in hexadecimal digits" }
        guard !analyses.isEmpty else { return "it has no analysis" }
        guard analyses.count <= Self.maxParts, vectors.count <= Self.maxParts else {
            return "it has more than \(Self.maxParts) analyses or vectors"
        }
        for analysis in analyses {
            if let problem = problem(of: analysis) { return problem }
        }
        for vector in vectors {
            if let problem = problem(of: vector, dimensions[vector.model]) { return problem }
        }
        return nil
    }

    private func problem(of analysis: AudioAnalysis) -> String? {
        guard analysis.contentKey == contentKey else { return "an analysis has another content_key" }
        guard isName(analysis.version) else { return "an analysis has no usable version" }
        guard min(analysis.durationMs, analysis.sampleRate, analysis.channels) >= 0 else {
            return "an analysis has a negative duration, sample rate or number of channels"
        }
        guard analysis.features?.allSatisfy(\.isFinite) ?? true else { return "the features are no usable numbers" }
        return nil
    }

    private func problem(of vector: Vector, _ expected: Int?) -> String? {
        guard isName(vector.model) else { return "a vector has no usable model" }
        let values = vector.vector.values
        guard (1...Self.maxComponents).contains(values.count), values.allSatisfy(\.isFinite) else {
            return "the vector of \(vector.model) holds no usable numbers"
        }
        guard values.count == expected ?? values.count else {
            return "vectors of \(vector.model) have \(expected ?? 0) numbers, this one has \(values.count)"
        }
        guard abs(values.reduce(0) { $0 + $1 * $1 }.squareRoot() - 1) <= Self.lengthTolerance else {
            return "the vector of \(vector.model) has not the length 1"
        }
        return nil
    }

    private func isName(_ text: String) -> Bool {
        (1...Self.maxNameLength).contains(text.utf8.count) && !text.utf8.contains { $0 < 0x20 }
    }
}
