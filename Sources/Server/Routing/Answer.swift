import HTTPTypes
import NIOHTTP1
import Values

/// What a request is answered with.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: [UInt8]

    init(_ status: HTTPResponse.Status, _ contentType: String? = nil, _ body: String = "") {
        self.status = status
        self.body = Array(body.utf8)
        headers = [
            .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
            .referrerPolicy: "no-referrer",
        ]
        headers[.contentType] = contentType
    }

    static func json(_ json: JSON, _ status: HTTPResponse.Status = .ok) -> Answer {
        Answer(status, "application/json", json.writtenText + "\n")
    }

    /// A page that loads nothing but our style sheet, runs nothing and is framed by nobody.
    static func html(_ html: HTML, _ status: HTTPResponse.Status = .ok) -> Answer {
        var answer = Answer(status, "text/html; charset=utf-8", html.text)
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'"
        answer.headers[.frameOptions] = "DENY"
        return answer
    }
}

extension Answer {
    /// As it goes over the connection, for who answers without the routes.
    var head: HTTPResponseHead {
        var fields = HTTPHeaders()
        fields.reserveCapacity(headers.count + 2)
        for field in headers { fields.add(name: field.name.rawName, value: field.value) }
        fields.add(name: "Content-Length", value: String(body.count))
        fields.add(name: "Date", value: HTTPDate.now)
        return HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status.code), headers: fields)
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let frameOptions = known("X-Frame-Options")

    /// For names that are written out above.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header: a bug in writ") }
        return name
    }
}
