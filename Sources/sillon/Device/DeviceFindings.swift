import Domain

/// What the probe found, and where; `profile` is what follows from it.
struct DeviceFindings: Hashable, Sendable {
    private(set) var profile: DeviceProfile
    let usableProcessors: Int
    let processorLimit: Double?
    let processorSource: String?
    let installedMemoryBytes: Int64?
    let memoryLimitBytes: Int64?
    let memorySource: String?

    /// With what the owner decided.
    func settled(_ overrides: DeviceProfile.Overrides) -> DeviceFindings {
        var settled = self
        settled.profile.overrides = overrides
        return settled
    }

    var coresReason: String {
        guard let processorLimit, let processorSource, processorLimit < Double(usableProcessors) else {
            return "\(usableProcessors) usable"
        }
        return "\(usableProcessors) usable, held to \(processorLimit) by \(processorSource)"
    }

    var memoryReason: String {
        guard let installedMemoryBytes else { return "the machine does not tell; assumed" }
        guard let memoryLimitBytes, let memorySource, memoryLimitBytes < installedMemoryBytes else {
            return "installed; no control group limits it"
        }
        return "\(installedMemoryBytes >> 20) MiB installed, held by \(memorySource)"
    }
}

/// The names of the other answers for scripts: snake_case, one level, and null for what is not known.
extension DeviceFindings: Encodable {
    private enum CodingKeys: String, CodingKey {
        case model, cores
        case memoryBytes = "memory_bytes"
        case usableProcessors = "usable_processors"
        case processorLimit = "processor_limit"
        case processorSource = "processor_source"
        case installedMemoryBytes = "installed_memory_bytes"
        case memoryLimitBytes = "memory_limit_bytes"
        case memorySource = "memory_source"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(profile.model, forKey: .model)
        try container.encode(profile.cores, forKey: .cores)
        try container.encode(profile.memoryBytes, forKey: .memoryBytes)
        try container.encode(usableProcessors, forKey: .usableProcessors)
        try container.encode(processorLimit, forKey: .processorLimit)
        try container.encode(processorSource, forKey: .processorSource)
        try container.encode(installedMemoryBytes, forKey: .installedMemoryBytes)
        try container.encode(memoryLimitBytes, forKey: .memoryLimitBytes)
        try container.encode(memorySource, forKey: .memorySource)
    }
}
