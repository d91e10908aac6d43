import Outbound
import Spec
import Values

/// The request that an HTTP tool makes of a call's arguments.
///
/// Templates see the arguments by their own names and nothing else; secrets come from the manifest's references alone
/// (fault H145).
struct HTTPToolRequest {
    let http: Tool.HTTP
    let arguments: JSON
    let secrets: RunSecrets
    /// Sent with what changes something, as `Idempotency-Key`, unless the manifest has one of its own.
    let key: String?

    /// Of the answer, in bytes (fault H142).
    static let answerLimit = 256 << 10

    func made(timeout: Duration) throws(ToolFailure) -> OutboundRequest {
        let body = try self.body()
        var headers = try self.headers()
        if body != nil, !headers.contains(where: { $0.0.lowercased() == "content-type" }) {
            headers.append(("Content-Type", "application/json"))
        }
        let isSafe = http.method == .get || http.method == .head
        if !isSafe, let key, !headers.contains(where: { $0.0.lowercased() == "idempotency-key" }) {
            headers.append(("Idempotency-Key", key))
        }
        return OutboundRequest(
            method: http.method.rawValue, url: try url(), headers: headers, body: body, timeout: timeout,
            maxResponseBytes: Self.answerLimit, cutsResponse: true,
            policy: http.allowPrivateNetworks ? .allowPrivate : .publicOnly,
            followRedirects: isSafe ? OutboundRequest.redirectLimit : 0)
    }

    private func url() throws(ToolFailure) -> String {
        var url = try render("the URL") { () throws(TemplateError) in try http.url.template().render(arguments) }
        if let fragment = url.firstIndex(of: "#") { url = String(url[..<fragment]) }
        guard !leaves(url) else {
            throw ToolFailure(
                .invalidArguments,
                "an argument would lead to another path of the service: in a path, empty values, `/`, `\\`, `.` and "
                    + "`..` are refused")
        }
        var parts: [String] = []
        for (name, template) in http.query.sorted(by: { $0.key < $1.key }) {
            let value = try render("the query parameter \(name)") { () throws(TemplateError) in
                try template.template().render(arguments)
            }
            if !value.isEmpty { parts.append("\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))") }
        }
        guard !parts.isEmpty else { return url }
        return url + (url.contains("?") ? "&" : "?") + parts.joined(separator: "&")
    }

    /// Whether the path is another than the manifest writes: an argument must neither go up, nor add or remove a part
    /// of it (fault H146). Values are percent-encoded, but dots are not, and some servers decode before they split.
    private func leaves(_ url: String) -> Bool {
        let path = url.prefix { $0 != "?" }
        let written = http.url.manifestText.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isClimbing = parts.contains { part in
            [".", ".."].contains(part.replacing("%2e", with: ".").replacing("%2E", with: "."))
        }
        let writtenParts = written.split(separator: "/", omittingEmptySubsequences: false)
        return isClimbing || parts.count { $0.isEmpty } > writtenParts.count { $0.isEmpty }
            || Self.separators(in: path) > Self.separators(in: written)
    }

    /// Encoded `/` and `\`.
    private static func separators(in path: Substring) -> Int {
        let path = path.uppercased()
        return path.ranges(of: "%2F").count + path.ranges(of: "%5C").count
    }

    private func headers() throws(ToolFailure) -> [(String, String)] {
        var headers: [(String, String)] = []
        for (name, value) in http.headers.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .secret(let reference):
                headers.append((name, try secret(reference)))
            case .value(let template):
                let text = try render("the header \(name)") { () throws(TemplateError) in
                    try template.template().render(arguments)
                }
                headers.append((name, text))
            }
        }
        if let bearer = http.auth?.bearer { headers.append(("Authorization", "Bearer \(try secret(bearer))")) }
        if let basic = http.auth?.basic {
            let pair = "\(basic.username):\(try secret(basic.password))"
            headers.append(("Authorization", "Basic \(Base64.text(pair.utf8))"))
        }
        if let header = http.auth?.header { headers.append((header.name, try secret(header.value))) }
        return headers
    }

    private func body() throws(ToolFailure) -> [UInt8]? {
        switch http.body {
        case nil:
            return nil
        case .mapping(let json)?:
            return try render("the body") { () throws(TemplateError) in try JSONTemplate(json).render(arguments) }
                .writtenBytes
        case .text(let template)?:
            let text = try render("the body") { () throws(TemplateError) in try template.template().render(arguments) }
            do {
                return try JSON(parsing: text).writtenBytes
            } catch {
                throw ToolFailure(.badRequest, "the body is not JSON with these arguments: \(error)")
            }
        }
    }

    private func secret(_ reference: SecretReference) throws(ToolFailure) -> String {
        do {
            return try secrets.value(of: reference)
        } catch {
            throw ToolFailure(.secret, error.message)
        }
    }

    private func render<Value>(
        _ what: String, _ work: () throws(TemplateError) -> Value
    ) throws(ToolFailure) -> Value {
        do {
            return try work()
        } catch {
            throw ToolFailure(.badRequest, "\(what) cannot be made of these arguments: \(error)")
        }
    }
}
