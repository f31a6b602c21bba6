/// What this device can bear, and what follows from it. Read once at start.
package struct DeviceProfile: Hashable, Codable, Sendable {
    package var model: String
    package var cores: Int
    /// Bytes that this process may use: the smaller of the machine's memory and the cgroup's limit.
    package var memoryBytes: Int64
    package var overrides = Overrides()

    /// What its owner decided; nil leaves it to the device.
    package struct Overrides: Hashable, Codable, Sendable {
        package var audioSlots: Int?
        package var indexerSlots: Int?
        package var databaseCacheKiB: Int?

        package init(audioSlots: Int? = nil, indexerSlots: Int? = nil, databaseCacheKiB: Int? = nil) {
            self.audioSlots = audioSlots
            self.indexerSlots = indexerSlots
            self.databaseCacheKiB = databaseCacheKiB
        }
    }

    package init(model: String, cores: Int, memoryBytes: Int64) {
        self.model = model
        self.cores = max(1, cores)
        self.memoryBytes = max(0, memoryBytes)
    }

    private var memoryMiB: Int64 { memoryBytes >> 20 }
    package var isSmall: Bool { memoryMiB <= 1100 }

    /// Files decoded at once: one core stays free for the database and the API, and each takes up to 100 MB.
    package var audioSlots: Int {
        if let wanted = overrides.audioSlots { return wanted }
        let byCores = cores <= 2 ? cores : cores - 1
        return max(1, min(byCores, Int(memoryMiB / 300), 8))
    }

    /// Of these, how many go on taking files while somebody listens. One always does: it runs behind everything else.
    package var audioSlotsWhilePlaying: Int { cores <= 2 ? 1 : max(1, audioSlots / 2) }

    /// Tracks encoded for listeners at once: an encoder is some twenty times as fast as its listener, but all begin with
    /// filling the listeners' buffers.
    package var transcodeSlots: Int { min(isSmall ? 2 : max(2, cores * 2), 32) }

    /// Tag readers at once.
    package var indexerSlots: Int { overrides.indexerSlots ?? (cores >= 4 && !isSmall ? 2 : 1) }
    /// Files a tag reader takes in one lease: each lease costs a claim and a settle, two commits, whatever its size.
    package var indexBatch: Int { isSmall ? 64 : 512 }
    package var vectorBatch: Int { isSmall ? 32 : 64 }
    /// Texts that are given to a service outside at once.
    package var textBatch: Int { 32 }
    /// SQLite's page cache for each connection, in KiB.
    package var databaseCacheKiB: Int { overrides.databaseCacheKiB ?? (isSmall ? 2048 : 8192) }
}
