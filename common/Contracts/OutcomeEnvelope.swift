import Domain

/// An outcome as it is written: `{"event": "index_complete", "version": 1, "scan_id": …, "status": "ok", "metadata": …}`.
package struct OutcomeEnvelope: Codable, Hashable, Sendable {
    package var event: String
    package var version: Int
    package var scanID: String?
    /// `ok`; failures travel as `Failure`.
    package var status: String
    package var outcome: Outcome

    package init(_ outcome: Outcome, scanID: String?) {
        event = outcome.event
        version = Outcome.currentVersion
        self.scanID = scanID
        status = "ok"
        self.outcome = outcome
    }

    enum CodingKeys: String, CodingKey {
        case event, version, status, metadata
        case scanID = "scan_id"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        event = try container.decode(String.self, forKey: .event)
        version = try container.decode(Int.self, forKey: .version)
        scanID = try container.decodeIfPresent(String.self, forKey: .scanID)
        status = try container.decode(String.self, forKey: .status)
        guard (1...Outcome.currentVersion).contains(version) else {
            throw DecodingError.dataCorruptedError(
                forKey: .version, in: container, debugDescription: "version \(version) is not understood")
        }
        switch event {
        case "scan_complete":
            outcome = .scanComplete(try container.decode(ScanCompleteOutcome.self, forKey: .metadata))
        case "index_complete":
            outcome = .indexComplete(try container.decode(IndexCompleteOutcome.self, forKey: .metadata))
        case "analysis_complete":
            outcome = .analysisComplete(try container.decode(AnalysisCompleteOutcome.self, forKey: .metadata))
        case "vector_complete":
            outcome = .vectorComplete(try container.decode(VectorCompleteOutcome.self, forKey: .metadata))
        case "text_vector_complete":
            outcome = .textVectorComplete(try container.decode(TextVectorCompleteOutcome.self, forKey: .metadata))
        case "map_projected":
            outcome = .mapProjected(try container.decode(MapProjectedOutcome.self, forKey: .metadata))
        case "listens_submitted":
            outcome = .listensSubmitted(try container.decode(ListensSubmittedOutcome.self, forKey: .metadata))
        case "artwork_found":
            outcome = .artworkFound(try container.decode(ArtworkFoundOutcome.self, forKey: .metadata))
        case "artwork_absent":
            outcome = .artworkAbsent(try container.decode(ArtworkAbsentOutcome.self, forKey: .metadata))
        case "download_complete":
            outcome = .downloadComplete(try container.decode(DownloadCompleteOutcome.self, forKey: .metadata))
        case "enriched":
            outcome = .enriched(try container.decode(EnrichedOutcome.self, forKey: .metadata))
        case "webhook_delivered":
            outcome = .webhookDelivered(try container.decode(WebhookDeliveredOutcome.self, forKey: .metadata))
        case "noop_complete":
            outcome = .noopComplete
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .event, in: container, debugDescription: "event is not understood")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(event, forKey: .event)
        try container.encode(version, forKey: .version)
        try container.encodeIfPresent(scanID, forKey: .scanID)
        try container.encode(status, forKey: .status)
        switch outcome {
        case .scanComplete(let value): try container.encode(value, forKey: .metadata)
        case .indexComplete(let value): try container.encode(value, forKey: .metadata)
        case .analysisComplete(let value): try container.encode(value, forKey: .metadata)
        case .vectorComplete(let value): try container.encode(value, forKey: .metadata)
        case .textVectorComplete(let value): try container.encode(value, forKey: .metadata)
        case .mapProjected(let value): try container.encode(value, forKey: .metadata)
        case .listensSubmitted(let value): try container.encode(value, forKey: .metadata)
        case .artworkFound(let value): try container.encode(value, forKey: .metadata)
        case .artworkAbsent(let value): try container.encode(value, forKey: .metadata)
        case .downloadComplete(let value): try container.encode(value, forKey: .metadata)
        case .enriched(let value): try container.encode(value, forKey: .metadata)
        case .webhookDelivered(let value): try container.encode(value, forKey: .metadata)
        case .noopComplete: try container.encode([String: String](), forKey: .metadata)
        }
    }
}

extension Outcome {
    /// The name of the event that this outcome is.
    package var event: String {
        switch self {
        case .scanComplete: "scan_complete"
        case .indexComplete: "index_complete"
        case .analysisComplete: "analysis_complete"
        case .vectorComplete: "vector_complete"
        case .textVectorComplete: "text_vector_complete"
        case .mapProjected: "map_projected"
        case .listensSubmitted: "listens_submitted"
        case .artworkFound: "artwork_found"
        case .artworkAbsent: "artwork_absent"
        case .downloadComplete: "download_complete"
        case .enriched: "enriched"
        case .webhookDelivered: "webhook_delivered"
        case .noopComplete: "noop_complete"
        }
    }
}
