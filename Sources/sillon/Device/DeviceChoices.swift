import Domain
import Persistence

/// What was chosen for this device, each with its reason and the way to change it, for `sillon doctor`.
struct DeviceChoices: Sendable {
    let profile: DeviceProfile
    let settings: Settings

    var all: [DoctorReport.Choice] {
        let roles = settings.roles?.roles ?? Set(Role.allCases)
        return Role.allCases.filter(roles.contains).flatMap(choices) + [encodings] + database
    }

    private func choices(of role: Role) -> [DoctorReport.Choice] {
        switch role {
        case .indexer:
            [
                choice(
                    "indexer slots", "\(profile.indexerSlots)", "2 from 4 cores on, unless memory is small",
                    SettingList.work.indexerSlots, isSet: profile.overrides.indexerSlots != nil),
                fixed("files in an index batch", "\(profile.indexBatch)", memory),
            ]
        case .audio:
            [
                choice(
                    "audio slots", "\(profile.audioSlots)",
                    "\(profile.cores) cores, 300 MiB for each decoder; \(profile.audioSlotsWhilePlaying) while somebody "
                        + "listens; fewer cores or memory for sillon make fewer (CPUQuota, MemoryMax)",
                    SettingList.work.audioSlots, isSet: profile.overrides.audioSlots != nil)
            ]
        case .vector:
            [
                fixed("vector slots", "1", "a vector takes a few milliseconds"),
                fixed("tracks in a vector batch", "\(profile.vectorBatch)", memory),
            ]
        case .downloader:
            [fixed("downloader slots", "1 to 4 a service", "they wait for answers most of the time")]
        }
    }

    private var encodings: DoctorReport.Choice {
        choice(
            "encodings at once", "\(settings.maxTranscodes ?? profile.transcodeSlots)", "\(profile.cores) cores",
            SettingList.listening.maxTranscodes, isSet: settings.maxTranscodes != nil)
    }

    private var database: [DoctorReport.Choice] {
        switch settings.database {
        case .file:
            [
                choice(
                    "database cache", "\(profile.databaseCacheKiB) KiB a connection", memory,
                    SettingList.place.sqliteCache, isSet: profile.overrides.databaseCacheKiB != nil),
                fixed(
                    "SQLite", "write-ahead log, \(SQLiteDatabase.checkpointMiB) MiB between checkpoints",
                    "a card wears by small writes; what was promised is synced at each commit, the rest at checkpoints"),
            ]
        case .server:
            [
                choice(
                    "database connections", "\(settings.pool.poolSize), \(settings.pool.overflow) more in busy times",
                    "the usual", SettingList.pool.size, isSet: settings.pool.poolSize != PostgresOptions().poolSize)
            ]
        }
    }

    private var memory: String {
        profile.isSmall ? "a small machine (up to 1100 MiB)" : "more than 1100 MiB of memory"
    }

    private func choice(
        _ name: String, _ value: String, _ reason: String, _ setting: any DeclaredSetting, isSet: Bool
    ) -> DoctorReport.Choice {
        DoctorReport.Choice(
            name: name, value: value,
            reason: isSet ? "set by \(setting.variable)" : "\(reason); \(setting.variable) changes it")
    }

    private func fixed(_ name: String, _ value: String, _ reason: String) -> DoctorReport.Choice {
        DoctorReport.Choice(name: name, value: value, reason: reason + "; no setting")
    }
}
