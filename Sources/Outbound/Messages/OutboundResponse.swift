/// The answer to a request: of the last hop, where redirects were followed.
package struct OutboundResponse: Sendable {
    package let status: Int
    package let headers: OutboundHeaders
    package let body: [UInt8]
    /// Whether there was more of the body than was asked for.
    package let isCut: Bool

    package init(status: Int, headers: OutboundHeaders, body: [UInt8], isCut: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isCut = isCut
    }

    /// 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether the status says that the same request may succeed later: 408, 425, 429 and the temporary ones of 5xx.
    package var isRetryable: Bool {
        switch status {
        case 408, 425, 429, 500, 502, 503, 504, 520...529: true
        default: false
        }
    }

    /// The body as text; malformed UTF-8 is replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }
}

/// Header fields of an answer, found by name in any case.
package struct OutboundHeaders: Sendable {
    /// Names as received, in order.
    package let fields: [(String, String)]

    package init(_ fields: [(String, String)] = []) {
        self.fields = fields
    }

    /// The first value of `name`, else `nil`.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.0.lowercased() == wanted }?.1
    }

    /// Every value of `name`, in order.
    package func values(_ name: String) -> [String] {
        let wanted = name.lowercased()
        return fields.filter { $0.0.lowercased() == wanted }.map(\.1)
    }
}
