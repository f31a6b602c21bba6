/// `/api/v0/application` and `/api/v0/server`: how slskd itself stands.
struct SlskdServer {
    let settings: SlskdSettings
    let now: Double

    /// How long who signs in stays so.
    static let sessionSeconds = 7 * 86_400

    func answer(_ path: [String], _ request: Request, _ state: inout SlskdState) throws(SlskdRefusal) -> Reply {
        switch (request.method, path) {
        case ("GET", ["application"]): return .json(application(state))
        case ("GET", ["application", "version"]): return .json(.string(full))
        case ("GET", ["application", "version", "latest"]): return .json(version)
        case ("GET", ["server"]): return .json(server(state))
        case ("PUT", ["server"]):
            state.setConnected(true, now: now, id: Digest.uuid(of: "event", "\(now)"))
            return Reply(status: 200)
        case ("DELETE", ["server"]):
            state.setConnected(false, now: now, id: Digest.uuid(of: "event", "\(now)"))
            return Reply(status: 204)
        default: throw SlskdRefusal(404)
        }
    }

    private var full: String { "\(settings.version).65534" }

    private var version: JSON {
        [
            "full": .string(full), "current": .string(settings.version), "latest": .string(settings.version),
            "isUpdateAvailable": false, "isCanary": false, "isDevelopment": false,
        ]
    }

    private func application(_ state: SlskdState) -> JSON {
        [
            "version": version, "pendingReconnect": false, "pendingRestart": false, "server": server(state),
            "connectionWatchdog": ["isEnabled": true, "isAttemptingConnection": false],
            "relay": ["mode": "Controller"],
            "user": ["username": "sillon_demo", "statistics": ["uploadCount": 0]],
            "distributedNetwork": ["branchLevel": 0, "hasParent": false],
            "shares": [
                "scanPending": false, "scanning": false, "ready": true, "faulted": false, "cancelled": false,
                "directories": 0, "files": 0,
            ],
            "rooms": [], "users": [],
        ]
    }

    private func server(_ state: SlskdState) -> JSON {
        let isOn = state.isConnected
        return [
            "address": "vps.slsknet.org:2271", "ipEndPoint": "127.0.0.1:2271",
            "state": isOn ? "Connected, LoggedIn" : "Disconnected", "isConnected": .bool(isOn),
            "isConnecting": false, "isLoggedIn": .bool(isOn), "isLoggingIn": false, "isTransitioning": false,
        ]
    }
}

extension SlskdState {
    /// Searches that run end with the connection.
    mutating func setConnected(_ isOn: Bool, now: Double, id: String) {
        guard isOn != isConnected else { return }
        isConnected = isOn
        let type = isOn ? "SoulseekClientConnected" : "SoulseekClientDisconnected"
        add(Event(id: id, time: now, type: type, data: ["id": .string(id), "version": 0, "type": .string(type)]))
        guard !isOn else { return }
        for index in searches.indices where !searches[index].standing(at: now).isComplete {
            searches[index].failedAt = now
        }
    }
}
