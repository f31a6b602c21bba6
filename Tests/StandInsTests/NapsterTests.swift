import Testing

@testable import StandIns

@Suite struct NapsterTests {
    private let settings = NapsterSettings()
    private let bench = Bench(
        service: NapsterService(
            store: CatalogueStore(), painter: CoverPainter(searchPath: ""),
            surroundings: Bench<NapsterService>.surroundings))

    private func code(_ more: String = "") async throws -> String {
        let page = await bench.get(
            "/oauth/authorize?client_id=\(settings.firstKey)&redirect_uri=http://127.0.0.1/cb&response_type=code"
                + "&state=a%20b\(more)")
        let location = try #require(page.header("Location"))
        #expect(location.hasSuffix("&state=a%20b"))
        let query = Parameters(encoded: location.split(separator: "?")[1])
        return try #require(query["code"])
    }

    private func token(_ fields: [String: String]) async -> Reply {
        let all = fields.merging([
            "client_id": settings.firstKey, "client_secret": settings.secrets[settings.firstKey] ?? "",
            "response_type": "code",
        ]) { own, _ in own }
        let form = all.map { "\($0.key)=\(Parameters.encoded($0.value))" }.joined(separator: "&")
        let headers = ["content-type": "application/x-www-form-urlencoded"]
        return await bench.send("/oauth/access_token", headers: headers, form)
    }

    private func exchange(_ code: String, verifier: String? = nil) async -> Reply {
        var fields = ["grant_type": "authorization_code", "code": code, "redirect_uri": "http://127.0.0.1/cb"]
        fields["code_verifier"] = verifier
        return await token(fields)
    }

    @Test("A code is good once, for the address that it was sent to")
    func codes() async throws {
        let code = try await code()
        let first = await exchange(code)
        #expect(try first.json["expires_in"] == 86_400)
        #expect(await exchange(code).status == 400)
        let other = ["grant_type": "authorization_code", "code": try await self.code(), "redirect_uri": "http://x"]
        #expect(await token(other).status == 400)
    }

    @Test("Who sent a challenge must know what it was made of (the example of RFC 7636)")
    func challenge() async throws {
        let challenge = "&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(await exchange(try await code(challenge), verifier: verifier).status == 200)
        #expect(await exchange(try await code(challenge), verifier: "x").status == 400)
        #expect(await exchange(try await code(challenge)).status == 400)
    }

    @Test("A token that expired is refused with 401, and a refresh token is good once")
    func refreshing() async throws {
        let granted = try await exchange(try await code()).json
        let access = try #require(granted["access_token"]?.string)
        let headers = ["authorization": "Bearer \(access)"]
        #expect(await bench.get("/v2.2/me/account", headers: headers).status == 200)
        _ = await bench.service.control("expire", Request(method: "POST", target: "/"))
        let refused = await bench.get("/v2.2/me/account", headers: headers)
        #expect(refused.status == 401)
        #expect(try refused.json["code"] == "UnauthorizedError")
        let refresh = ["grant_type": "refresh_token", "refresh_token": granted["refresh_token"]?.string ?? ""]
        let renewed = try await token(refresh).json
        #expect(renewed["access_token"]?.string != nil)
        #expect(renewed["refresh_token"] != granted["refresh_token"])
        #expect(await token(refresh).status == 400)
    }

    @Test("A search finds tracks by all words of artist and name; without a key nothing")
    func search() async throws {
        let headers = ["apikey": settings.firstKey]
        let found = try await bench.get("/v2.2/search?query=kestrel+sodium&type=track", headers: headers).json
        let track = try #require(found["search"]?["data"]?["tracks"]?.array?.first)
        #expect(track["name"] == "Sodium Lamps")
        #expect(track["albumName"] == "Night Bus to Orvane")
        let id = try #require(track["id"]?.string)
        #expect(try await bench.get("/v2.2/tracks/\(id)", headers: headers).json["tracks"]?.array?.count == 1)
        #expect(try await bench.get("/v2.2/tracks/tra.0,tra.99999", headers: headers).json["tracks"] == [])
        #expect(
            try await bench.get("/v2.2/artists/kestrel-vane/albums", headers: headers).json["albums"]?.array?.count == 2
        )
        #expect(await bench.get("/v2.2/search?query=a").status == 401)
    }

    @Test("More requests in a second than an application may make are refused")
    func rate() async throws {
        let headers = ["apikey": settings.firstKey]
        for _ in 0..<settings.perSecond { _ = await bench.get("/v2.2/genres", headers: headers) }
        let refused = await bench.get("/v2.2/genres", headers: headers)
        #expect(refused.status == 429)
        #expect(try refused.json["code"] == "TooManyRequestsError")
    }
}
