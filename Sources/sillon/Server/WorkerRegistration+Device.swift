import Domain
import Foundation
import UseCases

extension WorkerRegistration {
    /// This process as a worker with these roles.
    init(roles: Set<Role>, lanes: [WorkLane], profile: DeviceProfile) {
        let kinds = Set(lanes.flatMap(\.kinds))
        let slots = roles.map { role in
            (role, role == .audio ? profile.audioSlots : (role == .indexer ? profile.indexerSlots : 1))
        }
        self.init(
            id: Int64.random(in: 1...Int64.max), host: ProcessInfo.processInfo.hostName, processID: getpid(),
            roles: Role.allCases.filter(roles.contains),
            kinds: Dictionary(uniqueKeysWithValues: kinds.map { ($0, $0.currentVersion) }),
            slots: Dictionary(uniqueKeysWithValues: slots), version: Build.version)
    }
}
