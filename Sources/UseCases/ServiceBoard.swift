import Domain

/// What is configured, beside what was recorded of it.
package struct ServiceBoard: ServiceDesk {
    package struct Configured: Sendable {
        package let name: String
        package let title: String
        package let address: String
        package let policy: ServicePolicy

        package init(name: String, title: String, address: String, policy: ServicePolicy) {
            self.name = name
            self.title = title
            self.address = address
            self.policy = policy
        }
    }

    private let configured: [Configured]
    private let records: any ServiceRecords

    package init(_ configured: [Configured], records: any ServiceRecords) {
        self.configured = configured
        self.records = records
    }

    package func services() async throws -> [ServiceStatus] {
        let doors = Dictionary(grouping: try await records.records(), by: \.door.service)
        let known = configured.map { service in
            ServiceStatus(
                name: service.name, title: service.title, address: service.address, policy: service.policy,
                doors: doors[service.name] ?? [])
        }
        let names = Set(configured.map(\.name))
        let left = doors.keys.filter { !names.contains($0) }.sorted().map { name in
            ServiceStatus(name: name, title: name, address: nil, policy: nil, doors: doors[name] ?? [])
        }
        return known + left
    }
}

extension ServiceStatus {
    /// Of the worst of its doors, since that is what people ask for.
    package var state: ServiceState {
        let states = doors.map(\.state)
        return [.blocked, .open, .halfOpen, .closed].first(where: states.contains) ?? .unknown
    }
}

extension StoredServiceRecord {
    package var state: ServiceState {
        switch record.breaker.state {
        case .closed: .closed
        case .open: record.lastFailure?.isBlocking == true ? .blocked : .open
        case .halfOpen: .halfOpen
        }
    }

    /// Seconds until the next request, the probe of a breaker that is open; 0 when one may be made now.
    package var waitSeconds: Double { record.breaker.waitSeconds(at: now) }
}
