import Testing

@testable import sillon

@Test("Whoever revokes a token hears for how long a running server still takes it")
func revokeConfirmation() {
    #expect(TokenRevoke.confirmation(3) == "Token 3 is revoked. A server that runs may take it for 5 seconds more.")
}
