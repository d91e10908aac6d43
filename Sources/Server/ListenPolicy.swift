/// Who may be listened to without a token: this machine alone.
package enum ListenPolicy {
    /// Refuses an address that others can reach when there is no token for them to show.
    package static func check(host: String, token: AccessToken?) throws(ServerError) {
        guard token == nil, !isLoopback(host) else { return }
        throw ServerError(
            .tokenRequired,
            "listening on \(host) opens the API and the dashboard to others: set WRIT_API_TOKEN first, or listen on"
                + " 127.0.0.1")
    }

    /// Whether a host's name or address can only mean this machine. `host` may stand in brackets.
    package static func isLoopback(_ host: String) -> Bool {
        var host = host.lowercased()
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127" else { return false }
        return parts.allSatisfy { part in
            (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                && UInt8(part) != nil
        }
    }

    /// Splits `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080` or `:8080` (this machine).
    package static func split(_ address: String) throws(ServerError) -> (host: String, port: Int) {
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            throw ServerError(.badAddress, "`\(address)` is no address to listen on: write it as 127.0.0.1:8080")
        }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw ServerError(.badAddress, "`\(address)`: write an IPv6 address in brackets, as in [::1]:8080")
        }
        return (host.isEmpty ? "127.0.0.1" : host, Int(port))
    }
}
