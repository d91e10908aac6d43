import Outbound
import Values

/// The webhooks of one repository by GitHub's REST API (docs.github.com/rest/repos/webhooks).
struct GitHubHooks: Sendable {
    let client: OutboundClient
    let address: SenderAddress
    let repository: Place
    let token: String
    let clock: any RuntimeClock

    /// Which repository it is.
    enum Place: Sendable, Hashable {
        /// `owner/name`
        case named(String)
        /// GitHub's id, by which it is found under any name.
        case numbered(String)

        fileprivate var path: String {
            switch self {
            case .named(let name):
                "/repos/" + name.split(separator: "/").map { GitHubHooks.segment(String($0)) }.joined(separator: "/")
            case .numbered(let number): "/repositories/\(number)"
            }
        }
    }

    static let version = "2022-11-28"
    /// Entries of one page, which is the most that GitHub gives.
    private static let pageSize = 100
    /// Pages of webhooks; GitHub allows 20 webhooks of one sort.
    private static let hookPages = 5

    /// What a webhook is to be.
    struct Wish: Sendable {
        let url: String
        let events: Set<String>
        let secret: String

        fileprivate var json: JSON {
            [
                "active": true, "events": .array(events.sorted().map(JSON.string)),
                "config": [
                    "url": .string(url), "content_type": "json", "insecure_ssl": "0", "secret": .string(secret),
                ],
            ]
        }
    }

    /// All webhooks, and by what the repository is reached: it may have been renamed or given to somebody else since.
    func found() async throws(SenderProblem) -> (api: GitHubHooks, hooks: [GitHubHook]) {
        do {
            return (self, try await all())
        } catch {
            guard case .moved(let number) = error.code, case .named = repository else { throw error }
            let moved = GitHubHooks(
                client: client, address: address, repository: .numbered(number), token: token, clock: clock)
            return (moved, try await moved.all())
        }
    }

    /// Whether it was found under another name than it was asked for by.
    var isMoved: Bool { if case .numbered = repository { true } else { false } }

    func all() async throws(SenderProblem) -> [GitHubHook] {
        var hooks: [GitHubHook] = []
        for page in 1...Self.hookPages {
            let (json, _) = try await send("GET", "/hooks?per_page=\(Self.pageSize)&page=\(page)", "to list webhooks")
            let items = json.array ?? []
            hooks += items.compactMap(GitHubHook.init)
            if items.count < Self.pageSize { break }
        }
        return hooks
    }

    func create(_ wish: Wish) async throws(SenderProblem) -> GitHubHook {
        var body = wish.json.object ?? [:]
        body["name"] = "web"
        let (json, _) = try await send("POST", "/hooks", "to make a webhook", .object(body))
        guard let hook = GitHubHook(json) else { throw Self.unreadable }
        return hook
    }

    func update(_ id: Int, _ wish: Wish) async throws(SenderProblem) -> GitHubHook {
        let (json, _) = try await send("PATCH", "/hooks/\(id)", "to change a webhook", wish.json)
        guard let hook = GitHubHook(json) else { throw Self.unreadable }
        return hook
    }

    func ping(_ id: Int) async throws(SenderProblem) {
        _ = try await send("POST", "/hooks/\(id)/pings", "to ping a webhook")
    }

    /// One that is gone already is no problem.
    func delete(_ id: Int) async throws(SenderProblem) {
        do {
            _ = try await send("DELETE", "/hooks/\(id)", "to delete a webhook")
        } catch {
            guard error.code == .missing else { throw error }
        }
    }

    /// Tries to deliver, newest first, until one is older than `start`.
    ///
    /// - Returns: what was read, and whether that reaches back to `start`
    func deliveries(
        of id: Int, since start: Instant, pages: Int
    ) async throws(SenderProblem) -> (deliveries: [GitHubDelivery], isComplete: Bool) {
        var deliveries: [GitHubDelivery] = []
        var cursor: String?
        for _ in 0..<max(pages, 1) {
            let rest = cursor.map { "&cursor=" + Self.segment($0) } ?? ""
            let (json, headers) = try await send(
                "GET", "/hooks/\(id)/deliveries?per_page=\(Self.pageSize)\(rest)", "to list deliveries")
            let read = (json.array ?? []).compactMap(GitHubDelivery.init)
            deliveries += read.filter { $0.at >= start }
            if read.contains(where: { $0.at < start }) { return (deliveries, true) }
            guard let next = Self.nextCursor(headers["link"]), next != cursor else { return (deliveries, true) }
            cursor = next
        }
        return (deliveries, false)
    }

    /// Asks for a delivery to be sent again.
    func redeliver(_ delivery: String, of hook: Int) async throws(SenderProblem) {
        _ = try await send(
            "POST", "/hooks/\(hook)/deliveries/\(Self.segment(delivery))/attempts", "to send a delivery again")
    }

    private func send(
        _ method: String, _ path: String, _ what: String, _ body: JSON? = nil
    ) async throws(SenderProblem) -> (json: JSON, headers: OutboundHeaders) {
        var headers = [
            ("accept", "application/vnd.github+json"), ("x-github-api-version", Self.version),
            ("authorization", "Bearer \(token)"), ("user-agent", "writ"),
        ]
        if body != nil { headers.append(("content-type", "application/json")) }
        let request = OutboundRequest(
            method: method, url: "\(address.base)\(repository.path)\(path)", headers: headers,
            body: body?.canonicalBytes, timeout: .seconds(20), maxResponseBytes: 4 << 20, policy: address.policy)
        let response: OutboundResponse
        do {
            response = try await client.send(request)
        } catch {
            throw SenderProblem(error)
        }
        if let number = GitHubAnswer.number(response, at: address) {
            throw SenderProblem(
                .moved(number: number),
                "the repository has another name at GitHub now (\(response.status)), which `url` should give")
        }
        if let problem = GitHubAnswer.problem(response, doing: what, now: clock.now()) { throw problem }
        guard !response.body.isEmpty else { return (.null, response.headers) }
        guard let json = try? JSON(parsing: response.body) else { throw Self.unreadable }
        return (json, response.headers)
    }

    private static let unreadable = SenderProblem(
        .refused, "what GitHub's API answers cannot be read: is the address of the API right?")

    private static func segment(_ text: String) -> String { PercentEncoding.encode(text) }

    /// From `<https://…?per_page=100&cursor=v1_2>; rel="next"` (RFC 8288). Only the cursor is taken: an address from
    /// an answer is never called.
    static func nextCursor(_ link: String?) -> String? {
        guard let link, link.utf8.count <= 8_192 else { return nil }
        for part in link.split(separator: ",") where part.contains("rel=\"next\"") {
            guard let start = part.firstIndex(of: "<"), let end = part.firstIndex(of: ">"), start < end,
                let query = part[start..<end].split(separator: "?", maxSplits: 1).last
            else { continue }
            for pair in query.split(separator: "&") where pair.hasPrefix("cursor=") {
                let value = pair.dropFirst("cursor=".count)
                guard (1...512).contains(value.utf8.count) else { return nil }
                return PercentEncoding.decode(value)
            }
        }
        return nil
    }
}
