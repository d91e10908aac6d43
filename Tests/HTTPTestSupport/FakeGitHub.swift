import Synchronization
import Values

/// The webhooks of one repository at GitHub, with answers in the form of GitHub's documentation ("REST API endpoints for
/// repository webhooks", version 2022-11-28).
package final class FakeGitHub: Sendable {
    package struct Delivery: Sendable {
        package var id: Int
        package var guid: String
        package var at: String
        package var status: Int
        package var event: String
        package var action: String?

        package init(_ id: Int, _ guid: String, at: String, status: Int, event: String, action: String? = nil) {
            self.id = id
            self.guid = guid
            self.at = at
            self.status = status
            self.event = event
            self.action = action
        }
    }

    private struct Content {
        var hooks: [Int: JSON] = [:]
        /// As GitHub keeps them and never shows them.
        var secrets: [Int: String] = [:]
        var nextID = 12_345_678
        /// Newest first.
        var deliveries: [Delivery] = []
        var attempts: [Int] = []
        var pageSize = 100
        /// What the next requests are answered with, before anything else is looked at.
        var faults: [HTTPTestReply] = []
        var patchFault: HTTPTestReply?
        /// The name that the repository had, by which GitHub still knows it.
        var formerName: String?
        /// Whether the next webhook is made without its maker hearing of it.
        var losesNextAnswer = false
    }

    private let content = Mutex(Content())
    private let token: String
    private let onAttempt: @Sendable (Int) -> Int

    /// - Parameters:
    ///   - token: the only one that is let in
    ///   - onAttempt: called for a delivery that is to be sent again; its status is the answer
    package init(token: String, onAttempt: @escaping @Sendable (Int) -> Int = { _ in 202 }) {
        self.token = token
        self.onAttempt = onAttempt
    }

    package var hooks: [JSON] { content.withLock { $0.hooks.sorted { $0.key < $1.key }.map(\.value) } }
    package var secrets: [String] { content.withLock { $0.secrets.sorted { $0.key < $1.key }.map(\.value) } }
    /// Deliveries that were asked for again.
    package var attempts: [Int] { content.withLock { $0.attempts } }

    package func deliver(_ deliveries: [Delivery], pageSize: Int = 100) {
        content.withLock {
            $0.deliveries = deliveries
            $0.pageSize = pageSize
        }
    }

    package func fail(with replies: HTTPTestReply...) { content.withLock { $0.faults += replies } }

    package func loseNextAnswer() { content.withLock { $0.losesNextAnswer = true } }

    /// Changes the first webhook behind everybody's back.
    package func alter(_ change: (inout JSONMembers) -> Void) {
        content.withLock { content in
            guard let id = content.hooks.keys.min(), var hook = content.hooks[id]?.object else { return }
            change(&hook)
            content.hooks[id] = .object(hook)
        }
    }

    /// Somebody else's, with this address.
    package func add(url: String) {
        content.withLock { content in
            content.hooks[content.nextID] = [
                "type": "Repository", "id": .number(JSONNumber(content.nextID)), "name": "web", "active": true,
                "events": ["push"], "config": ["url": .string(url), "content_type": "json", "insecure_ssl": "0"],
            ]
            content.nextID += 1
        }
    }

    /// What the next change of a webhook is answered with.
    package func failPatch(with reply: HTTPTestReply) { content.withLock { $0.patchFault = reply } }

    /// The repository gets another name; under this one it is still found.
    package func rename(from former: String) { content.withLock { $0.formerName = former } }

    private static let number = "1300192"

    package func forgetAll() { content.withLock { $0.hooks = [:] } }

    package func answer(_ request: HTTPTestRequest) -> HTTPTestReply {
        if let fault = content.withLock({ $0.faults.isEmpty ? nil : $0.faults.removeFirst() }) { return fault }
        guard request.values("authorization") == ["Bearer \(token)"] else {
            return Self.problem(401, "Bad credentials")
        }
        guard request.values("user-agent").count == 1, request.values("x-github-api-version") == ["2022-11-28"] else {
            return Self.problem(403, "Request forbidden by administrative rules.")
        }
        let parts = request.target.split(separator: "?", maxSplits: 1)
        var path = parts[0].split(separator: "/").map(String.init)
        if path.count > 3, path[0] == "repos", path[1] + "/" + path[2] == content.withLock({ $0.formerName }) {
            let rest = (["repositories", Self.number] + path[3...]).joined(separator: "/")
            let host = request.values("host").first ?? ""
            return .redirect(request.method == "GET" ? 301 : 307, to: "http://\(host)/\(rest)")
        }
        if path.count > 2, path[0] == "repositories", path[1] == Self.number {
            path = ["repos", "acme", "now"] + path[2...]
        }
        let query = parts.count > 1 ? String(parts[1]) : ""
        guard path.count >= 4, path[0] == "repos", path[3] == "hooks" else { return Self.problem(404, "Not Found") }
        guard path.count > 4 else { return collection(request) }
        guard let id = Int(path[4]), content.withLock({ $0.hooks[id] != nil }) else {
            return Self.problem(404, "Not Found")
        }
        switch (request.method, path.count > 5 ? path[5] : "") {
        case ("GET", ""): return content.withLock { Self.json(200, $0.hooks[id] ?? .null) }
        case ("PATCH", ""): return change(id, request)
        case ("DELETE", ""):
            content.withLock { $0.hooks[id] = nil }
            return HTTPTestReply(204)
        case ("POST", "pings"): return HTTPTestReply(204)
        case ("GET", "deliveries"): return list(query, of: request.target)
        case ("POST", "deliveries"):
            guard path.count == 8, path[7] == "attempts", let delivery = Int(path[6]) else { break }
            let status = onAttempt(delivery)
            content.withLock { $0.attempts.append(delivery) }
            return status == 202 ? Self.json(202, [:]) : Self.problem(status, "Delivery cannot be sent again")
        default: break
        }
        return Self.problem(404, "Not Found")
    }

    private func collection(_ request: HTTPTestRequest) -> HTTPTestReply {
        if request.method == "GET" { return Self.json(200, .array(hooks)) }
        guard request.method == "POST", let wish = try? JSON(parsing: request.body), wish["name"] == "web",
            let config = wish["config"], let events = wish["events"]
        else { return Self.problem(422, "Validation Failed") }
        return content.withLock { content in
            let isThere = content.hooks.values.contains { $0["config"]?["url"] == config["url"] }
            if isThere { return Self.problem(422, "Validation Failed: Hook already exists on this repository") }
            let id = content.nextID
            content.nextID += 1
            content.secrets[id] = config["secret"]?.string
            let hook: JSON = [
                "type": "Repository", "id": .number(JSONNumber(id)), "name": "web", "active": wish["active"] ?? true,
                "events": events, "config": Self.shown(config), "updated_at": "2019-06-03T00:57:16Z",
                "created_at": "2019-06-03T00:57:16Z",
                "last_response": ["code": .null, "status": "unused", "message": .null],
            ]
            content.hooks[id] = hook
            if content.losesNextAnswer {
                content.losesNextAnswer = false
                return HTTPTestReply(raw: "", after: .close)
            }
            return Self.json(201, hook)
        }
    }

    private func change(_ id: Int, _ request: HTTPTestRequest) -> HTTPTestReply {
        guard let wish = try? JSON(parsing: request.body).object else {
            return Self.problem(400, "Problems parsing JSON")
        }
        return content.withLock { content in
            if let fault = content.patchFault.take() { return fault }
            guard var hook = content.hooks[id]?.object else { return Self.problem(404, "Not Found") }
            for key in ["active", "events"] { if let value = wish[key] { hook[key] = value } }
            if let config = wish["config"] {
                hook["config"] = Self.shown(config)
                content.secrets[id] = config["secret"]?.string
            }
            content.hooks[id] = .object(hook)
            return Self.json(200, .object(hook))
        }
    }

    private func list(_ query: String, of target: String) -> HTTPTestReply {
        let (deliveries, size) = content.withLock { ($0.deliveries, $0.pageSize) }
        let cursor = query.split(separator: "&").first { $0.hasPrefix("cursor=") }?.dropFirst(7)
        let start = cursor.flatMap { Int($0.dropFirst(3)) } ?? 0
        let page = deliveries.dropFirst(start).prefix(size).map { delivery -> JSON in
            var object: JSONMembers = [
                "id": .number(JSONNumber(delivery.id)), "guid": .string(delivery.guid),
                "delivered_at": .string(delivery.at), "redelivery": false, "duration": 0.27,
                "status": .string(delivery.status == 200 ? "OK" : "Invalid HTTP Response: \(delivery.status)"),
                "status_code": .number(JSONNumber(delivery.status)), "event": .string(delivery.event),
                "action": .null, "installation_id": .null, "repository_id": 123,
            ]
            if let action = delivery.action { object["action"] = .string(action) }
            return .object(object)
        }
        var headers: [(String, String)] = []
        if start + size < deliveries.count {
            let address = "https://api.github.com\(target.split(separator: "?")[0])"
            headers = [("Link", "<\(address)?per_page=100&cursor=v1_\(start + size)>; rel=\"next\"")]
        }
        return Self.json(200, .array(Array(page)), headers)
    }

    /// The secret is never shown.
    private static func shown(_ config: JSON) -> JSON {
        var config = config.object ?? [:]
        if config["secret"] != nil { config["secret"] = "********" }
        return .object(config)
    }

    private static func json(_ status: Int, _ json: JSON, _ headers: [(String, String)] = []) -> HTTPTestReply {
        HTTPTestReply(
            status, headers: [("Content-Type", "application/json; charset=utf-8")] + headers, json.canonicalText)
    }

    package static func problem(
        _ status: Int, _ message: String, headers: [(String, String)] = []
    ) -> HTTPTestReply {
        json(
            status,
            ["message": .string(message), "documentation_url": "https://docs.github.com/rest", "status": "\(status)"],
            headers)
    }
}
