import Foundation
import Persistence
import Telemetry

/// What the doctor says of the folder that holds everything, or of where it will be made.
enum DataFolderCheck {
    /// Less than this and the database may fill the disk in one scan.
    private static let lowSpaceBytes: Int64 = 1 << 30

    static func all(_ settings: Settings) -> [DoctorReport.Check] {
        let probe = DataFolderProbe(path: settings.dataFolder)
        switch probe.standing {
        case .there: return [folder(settings.dataFolder)] + disk(probe, settings)
        case .toBeMade(let parent):
            let disk = disk(DataFolderProbe(path: parent), settings)
            return [
                .init(
                    name: "data folder", verdict: .fine,
                    detail: "\(settings.dataFolder) is not there yet; sillon up makes it")
            ] + disk
        case .refused(let why):
            return [.init(name: "data folder", verdict: .problem, detail: "\(settings.dataFolder) \(why)")]
        }
    }

    private static func folder(_ path: String) -> DoctorReport.Check {
        let isOpen = DataFolder(path: path).isOpenToOthers
        return .init(
            name: "data folder", verdict: isOpen ? .warning : .fine,
            detail: path + (isOpen ? "; others may look into it (chmod 700 it)" : ""))
    }

    private static func disk(_ probe: DataFolderProbe, _ settings: Settings) -> [DoctorReport.Check] {
        var checks = [storage(of: probe.path, settings)]
        if let free = probe.freeBytes {
            checks.append(
                .init(
                    name: "free space", verdict: free < lowSpaceBytes ? .warning : .fine,
                    detail: Readable.bytes(free)))
        }
        guard let time = probe.syncTime() else {
            return checks + [
                .init(
                    name: "durable write", verdict: .problem,
                    detail: "a file cannot be written and synced in \(probe.path)")
            ]
        }
        checks.append(
            .init(
                name: "durable write", verdict: .fine,
                detail: "\(Readable.decimal(time / .milliseconds(1), 2)) ms (write and fsync of 4 KiB, median)"))
        return checks
    }

    private static func storage(of folder: String, _ settings: Settings) -> DoctorReport.Check {
        let kind = StorageProbe().kind(of: folder)
        var verdict = DoctorReport.Verdict.fine
        if case .memory = kind { verdict = .warning }
        if case .network = kind, case .file = settings.database {
            return .init(
                name: "storage", verdict: .problem,
                detail: kind.text
                    + ": SQLite keeps its log only on a disk of this machine; move the data folder, or use "
                    + "PostgreSQL")
        }
        return .init(name: "storage", verdict: verdict, detail: kind.text)
    }
}
