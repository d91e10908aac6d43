import Agents
import Outbound
import State
import Values

extension Registrar {
    func keepHook(_ declared: Registration, _ redactor: inout Redactor) async throws {
        var row = declared
        let url = try address(of: row)
        let declaration = HookDeclaration(row.declared.declaration)
        let named = try hooks(row, declaration, &redactor)
        let secret = try secret(declaration.secret, "secret", &redactor)
        let wish = GitHubHooks.Wish(url: url, events: declaration.events, secret: secret)
        let (api, all) = try await named.found()
        row = try follow(row) { former in all.contains { String($0.id) == former.remoteID } }
        var hook = try await find(row, url, api, among: all)
        try noteAlteration(of: row, to: hook)
        // GitHub never shows the secret: each process sends it once, and again where deliveries are refused for it.
        let isDeclared = hook?.isAs(declared: wish.events, at: url) ?? false
        let isRefused = hook?.lastStatus == 401
        if !isDeclared || isRefused || !memory.hasSent(secret, for: row.number) {
            let isNew = hook == nil
            do throws(SenderProblem) {
                hook = if let hook { try await api.update(hook.id, wish) } else { try await create(wish, api) }
            } catch {
                throw isDeclared ? error : error.whileAbsent
            }
            if let hook, !isNew, !isDeclared || isRefused { try await api.ping(hook.id) }
        }
        guard let hook else { return }
        memory.sent(secret, for: row.number)
        try store.found(row.number, remoteID: String(hook.id))
        try await heal(row, hook, api)
        let status = hook.lastStatus ?? 200
        try store.registered(
            row.number, row.declared, remoteID: String(hook.id),
            senderSays: status == 0 || (200..<300).contains(status)
                ? (api.isMoved ? "the repository has another name at GitHub now, which `url` should give" : nil)
                : "GitHub's last delivery was answered with \(status)",
            next: try nextLook(at: row), at: clock.now())
    }

    /// By its id, or by its address: an answer that was lost leaves a webhook whose id nobody knows.
    private func find(
        _ row: Registration, _ url: String, _ api: GitHubHooks, among all: [GitHubHook]
    ) async throws -> GitHubHook? {
        let same = all.filter { $0.url == url }.sorted { $0.id < $1.id }
        let hook = all.first { String($0.id) == row.remoteID } ?? same.first
        // Two of them would send everything twice.
        for double in same where double.id != hook?.id { try await api.delete(double.id) }
        return hook
    }

    /// What was not sent while somebody had changed the webhook is not to be had: GitHub lists only what it tried to send.
    private func noteAlteration(of row: Registration, to hook: GitHubHook?) throws(StateError) {
        guard let placed = row.placed, let what = Self.alteration(of: hook, known: row.remoteID, placed) else { return }
        try noteGap(row, "the webhook \(what) at GitHub: what was to be sent meanwhile was not")
    }

    /// What somebody did to it that keeps events away; nil where nothing is missed by it.
    private static func alteration(
        of hook: GitHubHook?, known: String?, _ placed: (declaration: JSON, url: String)
    ) -> String? {
        // One that somebody made anew has another id.
        guard let hook, known == nil || String(hook.id) == known else { return "was deleted" }
        guard hook.url == placed.url else { return "was given another address" }
        guard hook.isActive else { return "was deactivated" }
        let missing = HookDeclaration(placed.declaration).events.subtracting(hook.events)
        guard !missing.isEmpty, !hook.events.contains("*") else { return nil }
        return missing == ["*"]
            ? "was told to send some events only"
            : "was told to send no \(missing.sorted().prefix(5).joined(separator: ", ")) any more"
    }

    private func create(
        _ wish: GitHubHooks.Wish, _ api: GitHubHooks
    ) async throws(SenderProblem) -> GitHubHook {
        do throws(SenderProblem) {
            return try await api.create(wish)
        } catch {
            // What GitHub does not make a second time is there already.
            guard error.code == .unprocessable, let hook = try await api.all().first(where: { $0.url == wish.url })
            else { throw error }
            return try await api.update(hook.id, wish)
        }
    }

    /// Returns whether there was one.
    func removeHook(_ row: Registration, _ redactor: inout Redactor) async throws -> Bool {
        var api: GitHubHooks
        do throws(SenderProblem) {
            api = try hooks(row, HookDeclaration(row.declared.declaration), &redactor)
        } catch {
            // Without its token nothing was ever made.
            guard row.wasMade else { return false }
            throw error
        }
        let all: [GitHubHook]
        do throws(SenderProblem) {
            (api, all) = try await api.found()
        } catch {
            // A repository that is gone took its webhooks along.
            guard error.code == .missing else { throw error }
            return false
        }
        let successor = try successors(of: row).first
        if api.isMoved, let successor, successor.standing != .registered {
            // It may be the same repository under its new name, and this the webhook that goes on there.
            throw SenderProblem(.passing, "what follows it is not registered yet")
        }
        // One whose address somebody changed is theirs.
        let doomed = all.filter {
            row.addresses.contains($0.url) && (successor == nil || String($0.id) != successor?.remoteID)
        }
        for hook in doomed { try await api.delete(hook.id) }
        return !doomed.isEmpty
    }

    private func hooks(
        _ row: Registration, _ declaration: HookDeclaration, _ redactor: inout Redactor
    ) throws(SenderProblem) -> GitHubHooks {
        // The token of one host is not for another.
        if let host = declaration.host, !settings.gitHub.serves(host) {
            throw SenderProblem(
                .refused,
                "the repository is at \(host): start `writ serve` with the address of its API, --github-api"
                    + " https://\(host)/api/v3")
        }
        let token = try secret(declaration.token, "token in `credentials`", &redactor)
        return GitHubHooks(
            client: client, address: settings.gitHub, repository: .named(row.declared.target), token: token,
            clock: clock)
    }
}
