package struct HTTPTestRequest: Sendable {
    package let method: String
    /// Path and query.
    package let target: String
    package let headers: [(String, String)]
    package let body: [UInt8]

    /// Every value of a header, the name in any case.
    package func values(_ name: String) -> [String] {
        headers.filter { $0.0.lowercased() == name.lowercased() }.map(\.1)
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
}

package struct HTTPTestReply: Sendable {
    package enum After: Sendable {
        /// The connection stays for the next request.
        case keepAlive
        case close
        /// Nothing more is sent, and the connection stays open.
        case stall
        /// These bytes again and again, until the other side closes.
        case repeating([UInt8])
        /// These bytes, once `until` returns.
        case later([UInt8], until: @Sendable () async -> Void)
    }

    package var bytes: [UInt8]
    package var after: After

    /// Exactly these bytes.
    package init(raw text: String, after: After) {
        bytes = Array(text.utf8)
        self.after = after
    }

    /// A well-formed answer.
    package init(_ status: Int = 200, headers: [(String, String)] = [], _ body: String = "") {
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        let text = "HTTP/1.1 \(status) Test\r\n\(lines)content-length: \(body.utf8.count)\r\n\r\n\(body)"
        self.init(raw: text, after: .keepAlive)
    }

    /// A well-formed answer that comes once `until` returns.
    package static func later(_ body: String, until: @escaping @Sendable () async -> Void) -> HTTPTestReply {
        HTTPTestReply(raw: "", after: .later(HTTPTestReply(200, body).bytes, until: until))
    }

    package static func redirect(_ status: Int = 302, to location: String) -> HTTPTestReply {
        HTTPTestReply(status, headers: [("location", location)])
    }
}
