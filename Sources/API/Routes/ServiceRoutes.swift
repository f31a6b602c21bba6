import Domain
import HTTPTypes
import UseCases

/// `/v1/services`
struct ServiceRoutes: Sendable {
    let services: APIServices

    var routes: [Route] {
        [
            .json(
                .get, "/v1/services", "listServices", "List the services outside", access: .admin,
                answer: Shape<ServiceStatus>.service.page("ServicePage"),
                "Those that are configured come first, then those that were."
            ) { _ in .whole(try await services.outside?.services() ?? []) }
        ]
    }
}
