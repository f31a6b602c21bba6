extension ServiceRequest.Authorization {
    var field: (name: String, value: String) {
        switch self {
        case .bearer(let key): ("authorization", "Bearer \(key.value)")
        case .scheme(let scheme, let key): ("authorization", "\(scheme) \(key.value)")
        case .header(let name, let key): (name, key.value)
        }
    }
}
