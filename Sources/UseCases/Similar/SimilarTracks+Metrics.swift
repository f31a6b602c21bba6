import Telemetry

extension SimilarTracks: MetricsSource {
    package func samples() async -> [MetricSample] {
        var samples: [MetricSample] = []
        if let held = vectors.held { samples.append(Metrics.similarity.vectors.sample(held)) }
        if let bytes = vectors.heldBytes { samples.append(Metrics.similarity.bytes.sample(bytes)) }
        return samples
    }
}
