import Domain

extension HTTPCaller {
    /// A picture that a service named; nil when it is gone.
    func picture(
        at address: String, bytesMax: Int, hops: Int, within limit: Duration, of source: ServiceID
    ) async throws -> Artwork? {
        var request = ServiceRequest(address, limit: limit)
        request.headers = [("accept", "image/*")]
        request.answerBytesMax = bytesMax
        request.redirectsMax = hops
        return try await call(request) { answer in
            switch answer.status {
            case 200 where answer.body.isEmpty: throw Failure(.serviceError, "\(source.title) sent an empty picture")
            case 200: Artwork(bytes: answer.body, mediaType: Self.mediaType(answer.headers["content-type"]))
            case 404, 410: nil
            default: throw answer.refusal(of: source)
            }
        }
    }

    /// Without its parameters.
    private static func mediaType(_ field: String?) -> String? {
        guard let type = field?.split(separator: ";").first else { return nil }
        return type.trimmingPrefix { $0 == " " }.lowercased()
    }
}
