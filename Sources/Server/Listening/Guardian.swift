import HTTPTypes

/// Says who may see API, dashboard and metrics.
struct Guardian: Sendable {
    enum Rule: Sendable {
        case token(AccessToken)
        /// Without a token: only who asks for this machine by a name of its own. A page elsewhere that points its name
        /// at 127.0.0.1 (DNS rebinding) has another name in its requests.
        case loopbackNames
        /// The file system says who may connect.
        case everybody
    }

    let rule: Rule

    func check(_ head: HTTPRequest) throws(Problem) {
        switch rule {
        case .everybody: return
        case .token(let token):
            guard token.admits(head.headerFields[.authorization]) else {
                throw Problem(
                    401, "show the token of WRIT_API_TOKEN: as a bearer token, or as the password with any user name",
                    challenge: #"Basic realm="writ", charset="UTF-8""#)
            }
        case .loopbackNames:
            guard let authority = head.authority, ListenPolicy.isLoopback(Self.host(authority)) else {
                throw Problem(
                    403,
                    "without a token only requests to localhost are answered: set WRIT_API_TOKEN to use other names")
            }
        }
    }

    /// Without the port.
    private static func host(_ authority: String) -> String {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return authority }
            return String(authority[...end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}
