import Files
import Foundation

/// What kind of storage lies under a folder.
struct StorageProbe: Sendable {
    enum Kind: Hashable, Sendable {
        case card, flash, disk, virtual, network(String), memory, unknown

        var text: String {
            switch self {
            case .card: "SD card or eMMC: the database writes little and in large steps; a USB disk lasts longer"
            case .flash: "solid state"
            case .disk: "a disk that turns"
            case .virtual: "a disk of a virtual machine"
            case .network(let name): "\(name), over the network"
            case .memory: "memory: everything here is gone at the next start of the machine"
            case .unknown: "of a kind that the kernel does not tell"
            }
        }
    }

    let files: SystemFiles

    init(files: SystemFiles = SystemFiles()) {
        self.files = files
    }

    /// Of the folder itself, which has to be there.
    func kind(of folder: String) -> Kind {
        guard let place = StoragePlace(path: folder) else { return .unknown }
        // What the kernel has no block device for.
        return switch place.kind {
        case .network(let name): .network(name)
        case .memory: .memory
        case .relayed, .local: kind(device: place.device)
        }
    }

    /// - Parameter device: `major:minor`, as /sys/dev/block names it.
    func kind(device: String) -> Kind {
        guard let place = files.resolved("/sys/dev/block/\(device)") else { return .unknown }
        if place.contains("/mmc_host/") { return .card }
        if place.contains("/virtio") || place.contains("/vbd-") { return .virtual }
        if place.contains("/nvme/") { return .flash }
        // A partition lies in the folder of its disk.
        let disk = (place as NSString).deletingLastPathComponent
        switch files.line(place + "/queue/rotational") ?? files.line(disk + "/queue/rotational") {
        case "0": return .flash
        case "1": return .disk
        default: return .unknown
        }
    }
}
