import Domain
import Integrations
import UseCases

/// The services outside as they are set up: callers for their adapters, and a list for people.
struct OutsideServices: Sendable {
    let settings: ServiceSettings
    let models: [EmbeddingSettings.Model]
    let gate: any ServiceGate
    let clock: ServiceClock
    let network: ServiceNetwork
    /// One for each service of which somebody knows where it is: what an answer tells of it, all in the process know.
    private(set) var callers: [ServiceID: HTTPCaller] = [:]

    init(
        settings: ServiceSettings, models: [EmbeddingSettings.Model], gate: any ServiceGate,
        clock: ServiceClock = .system, network: ServiceNetwork = .system
    ) {
        self.settings = settings
        self.models = models
        self.gate = gate
        self.clock = clock
        self.network = network
        for service in ServiceID.allCases {
            guard let address = settings[service].address else { continue }
            // Adapters know where a key goes: into a header of their own, a signature, or a form.
            callers[service] = HTTPCaller(
                service: service.title, address: address, options: options(service), clock: clock, gate: gate,
                network: network)
        }
    }

    /// Nil for a service of which nobody said where it is.
    func caller(_ service: ServiceID) -> HTTPCaller? { callers[service] }

    /// The user's own slskd; nil without its address and key.
    var downloadSource: (any DownloadSource)? {
        guard let caller = caller(.slskd), let key = settings[.slskd].key else { return nil }
        return Slskd(caller: caller, key: key, clock: clock)
    }

    var pauses: ServicePauses { callers.mapValues { caller in { caller.pauseSeconds } } }

    var webhooks: WebhookCaller {
        var options = WebhookCaller.Options()
        options.namedHosts = settings.webhookHosts
        options.userAgent = userAgent
        return WebhookCaller(options: options, network: network, clock: clock, time: SystemClock.microseconds)
    }

    private var userAgent: String { "Sillon/\(Build.version)" + (settings.contact.map { " ( \($0) )" } ?? "") }

    func options(_ service: ServiceID) -> HTTPCaller.Options {
        let entry = settings[service]
        var options = HTTPCaller.Options(service)
        options.policy = policy(service)
        // What runs on this machine was meant to be asked there.
        options.isAddressNamed = entry.isNamed || entry.address?.isLoopback == true
        options.namedHosts = entry.hosts
        options.userAgent = userAgent
        if service == .musicbrainz, settings.contact == nil {
            options.remedy = "SILLON_CONTACT names a mail address or a page, which MusicBrainz wants to know"
        }
        return options
    }

    private func policy(_ service: ServiceID) -> ServicePolicy {
        var policy = ServiceProfile.of(service).policy
        if let rate = settings[service].rate {
            policy.requestsPerSecond = rate
            policy.requestsAtOnce = min(policy.requestsAtOnce, max(1, rate))
        }
        return policy
    }

    /// Those that are asked when somebody needs them, models first.
    var configured: [ServiceBoard.Configured] {
        let models = models.compactMap { model -> ServiceBoard.Configured? in
            let service = ServiceID(rawValue: model.service.rawValue) ?? .ollama
            return settings[service].address.map {
                ServiceBoard.Configured(
                    name: model.fullName, title: service.title, address: $0.url, policy: policy(service))
            }
        }
        let others = ServiceID.allCases.compactMap { service -> ServiceBoard.Configured? in
            guard isUsed(service), let address = settings[service].address else { return nil }
            return ServiceBoard.Configured(
                name: service.rawValue, title: service.title, address: address.url, policy: policy(service))
        }
        return models + others
    }

    private func isUsed(_ service: ServiceID) -> Bool {
        switch service {
        case .ollama, .openai: false
        case .lastfm: settings[service].key != nil
        case .listenbrainz, .musicbrainz, .coverart, .slskd, .napster: true
        }
    }
}
