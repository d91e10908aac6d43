import Agents
import Outbound
import State
import Values

extension Registrar {
    /// How long Telegram keeps what it could not deliver.
    private static let retention = Duration.seconds(86_400)
    /// How long an error of Telegram's is worth telling.
    private static let fresh = Duration.seconds(3_600)

    func keepBot(_ declared: Registration, _ redactor: inout Redactor) async throws {
        var row = declared
        let url = try address(of: row)
        guard url.lowercased().hasPrefix("https://") else {
            throw SenderProblem(
                .refused,
                "Telegram sends to https alone, and \(url) is not: start `writ serve` with --public-url https://…")
        }
        let declaration = HookDeclaration(row.declared.declaration)
        let token = try secret(declaration.token, "token in `webhook.token`", &redactor)
        let secret = try secret(declaration.secret, "secret", &redactor)
        if let problem = TelegramSource().problem(with: Array(secret.utf8)) {
            throw SenderProblem(.refused, "the secret \(problem)")
        }
        try refuseDouble(row, token)
        let bot = TelegramBot(client: client, address: settings.telegram, token: token, clock: clock)
        var info = try await bot.info()
        row = try follow(row) { [info] former in former.placed?.url == info.url }
        if let placed = row.placed, let what = info.alteration(of: placed) {
            try noteGap(row, "\(what): what Telegram sent meanwhile did not come here")
        }
        // Nobody is shown the secret: it is told again where updates are refused for it.
        let isTold = memory.hasSent(secret, for: row.number) && !info.refusesSecret(since: row.lookedAt)
        let isDeclared = info.isAs(declared: declaration.events, at: url)
        if !isTold || !isDeclared {
            do throws(SenderProblem) {
                try await bot.set(url, secret: secret, updates: declaration.events)
            } catch {
                throw isDeclared ? error : error.whileAbsent
            }
            info = try await bot.info()
        }
        memory.sent(secret, for: row.number)
        let now = clock.now()
        var missed: [NewMissedDelivery] = []
        let oldest = now.advanced(by: .zero - Self.retention)
        if let last = row.lookedAt, last < oldest {
            missed.append(
                NewMissedDelivery(
                    from: last, to: oldest, loss: "nobody looked in time: Telegram keeps updates for a day"))
        }
        try store.looked(row.number, missed: missed, through: now, at: now)
        try store.registered(
            row.number, row.declared, remoteID: nil, senderSays: complaint(info, now), waiting: info.waiting,
            next: now.advanced(by: RegistrarSettings.interval), at: now)
    }

    private func complaint(_ info: TelegramBot.Info, _ now: Instant) -> String? {
        guard let at = info.lastErrorAt, let error = info.lastError,
            info.waiting > 0 || now.duration(since: at) < Self.fresh
        else { return nil }
        return "Telegram could not deliver at \(at.rfc3339): \(error)"
    }

    /// A bot has one webhook: two triggers would take it from each other for ever.
    private func refuseDouble(_ row: Registration, _ token: String) throws {
        for other in try store.reader.registrations()
        where other.declared.sender == .telegram && other.number < row.number && other.standing != .removing {
            guard let reference = HookDeclaration(other.declared.declaration).token,
                (try? secrets(reference)) == token
            else { continue }
            throw SenderProblem(
                .refused,
                "\(other.id) manages the webhook of this bot, and a bot has but one: give one of them another token")
        }
    }

    /// Returns whether there was one.
    func removeBot(_ row: Registration, _ redactor: inout Redactor) async throws -> Bool {
        guard !row.addresses.isEmpty else { return false }
        let declaration = HookDeclaration(row.declared.declaration)
        let token: String
        do throws(SenderProblem) {
            token = try secret(declaration.token, "token in `webhook.token`", &redactor)
        } catch {
            // Without its token nothing was ever made.
            guard row.wasMade else { return false }
            throw error
        }
        let bot = TelegramBot(client: client, address: settings.telegram, token: token, clock: clock)
        // The bot's webhook goes on, at another trigger or by the token's other name.
        for other in try store.reader.registrations()
        where other.declared.sender == .telegram && other.standing != .removing {
            guard let reference = HookDeclaration(other.declared.declaration).token else { continue }
            if (try? secrets(reference)) == token { return false }
        }
        // Whoever else set it since keeps it.
        guard row.addresses.contains(try await bot.info().url) else { return false }
        try await bot.delete()
        return true
    }
}

extension TelegramBot.Info {
    /// Whether updates were answered with 401 since the last look: somebody gave the webhook another secret.
    fileprivate func refusesSecret(since look: Instant?) -> Bool {
        guard let at = lastErrorAt, let error = lastError, let look else { return false }
        return at > look && error.contains(" 401 ")
    }

    fileprivate func isAs(declared updates: Set<String>, at url: String) -> Bool {
        self.url == url && (self.updates ?? []) == updates
    }

    /// What somebody did to it that keeps updates away; nil where nothing is missed by it, as Telegram keeps updates for a
    /// bot without a webhook.
    fileprivate func alteration(of placed: (declaration: JSON, url: String)) -> String? {
        if !url.isEmpty, url != placed.url { return "the bot was given another webhook" }
        let wanted = HookDeclaration(placed.declaration).events
        guard !url.isEmpty, let updates, !updates.isEmpty, wanted.isEmpty || !wanted.isSubset(of: updates) else {
            return nil
        }
        return "the bot's webhook was told to send other updates"
    }
}
