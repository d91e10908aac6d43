import ArgumentParser
import Foundation
import Logging
import Runtime
import Server
import Spec
import Values

/// What the operator decides about `writ serve`.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where HTTP is answered (WRIT_LISTEN; default 127.0.0.1:8080)", valueName: "host:port"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "The branch to follow (WRIT_BRANCH; default the one that HEAD is on at the start)", valueName: "name"))
    var branch: String?

    @Option(
        help: ArgumentHelp("How often the branch is looked at (WRIT_INTERVAL; default 30s)", valueName: "duration"),
        transform: DurationArgument.read)
    var interval: DurationArgument?

    @Option(
        help: ArgumentHelp("How long running work may end at a stop (WRIT_GRACE; default 30s)", valueName: "duration"),
        transform: DurationArgument.read)
    var grace: DurationArgument?

    @Option(
        help: ArgumentHelp("Longest body of a request, in bytes (WRIT_MAX_BODY; default 1048576)", valueName: "bytes"))
    var maxBody: Int?

    @Option(
        help: ArgumentHelp(
            "Runs that may wait before webhooks are refused with 503 (WRIT_MAX_QUEUE; default 100000)",
            valueName: "runs"))
    var maxQueue: Int?

    @Option(
        help: ArgumentHelp(
            "Runs at the same time, of all agents and tools (WRIT_MAX_RUNS; default 16)", valueName: "runs"))
    var maxRuns: Int?

    @Option(
        help: ArgumentHelp(
            "By which senders of webhooks reach this service, for those that are managed (WRIT_PUBLIC_URL)",
            valueName: "url"))
    var publicURL: String?

    @Option(
        name: .customLong("github-api"),
        help: ArgumentHelp("GitHub's API (WRIT_GITHUB_API; default https://api.github.com)", valueName: "url"))
    var gitHubAPI: String?

    @Option(
        name: .customLong("telegram-api"),
        help: ArgumentHelp("Telegram's API (WRIT_TELEGRAM_API; default https://api.telegram.org)", valueName: "url"))
    var telegramAPI: String?

    @Option(help: ArgumentHelp("How much is logged (WRIT_LOG_LEVEL; default info)", valueName: "level"))
    var logLevel: Logger.Level?

    @Option(help: ArgumentHelp("text or json (WRIT_LOG_FORMAT; default text on a terminal)", valueName: "format"))
    var logFormat: LogFormat?

    /// Every body that is taken is parsed and stored whole.
    private static let longestBody = 8 << 20
    private static let longestQueue = 100_000_000
    private static let mostRuns = 1_000

    var followed: String? { branch ?? Environment["WRIT_BRANCH"] }

    func startLogging() throws {
        let level = try chosen(logLevel, "WRIT_LOG_LEVEL") ?? .info
        LogFormat.start(try chosen(logFormat, "WRIT_LOG_FORMAT"), level: level)
    }

    func settings() throws -> ServerSettings {
        let (host, port) = try ListenPolicy.split(listen ?? Environment["WRIT_LISTEN"] ?? "127.0.0.1:8080")
        let token = try Environment["WRIT_API_TOKEN"].map { try AccessToken($0) }
        try ListenPolicy.check(host: host, token: token)
        var settings = ServerSettings(host: host, port: port, token: token, version: BuildInfo.version)
        if let body = try chosen(maxBody, "WRIT_MAX_BODY") {
            guard (1...Self.longestBody).contains(body) else {
                throw CommandFailure("--max-body \(body) is not between 1 and \(Self.longestBody) bytes")
            }
            settings.limits.body = body
        }
        return settings
    }

    func queueLimit() throws -> Int {
        guard let limit = try chosen(maxQueue, "WRIT_MAX_QUEUE") else { return Inbox.queueLimit }
        guard (1...Self.longestQueue).contains(limit) else {
            throw CommandFailure("--max-queue \(limit) is not between 1 and \(Self.longestQueue) runs")
        }
        return limit
    }

    /// What is worked on at the same time.
    func workLimits(grace: Duration) throws -> WorkLimits {
        guard let runs = try chosen(maxRuns, "WRIT_MAX_RUNS") else { return WorkLimits(grace: grace) }
        guard (1...Self.mostRuns).contains(runs) else {
            throw CommandFailure("--max-runs \(runs) is not between 1 and \(Self.mostRuns) runs")
        }
        return WorkLimits(concurrency: runs, grace: grace)
    }

    /// How webhooks at their senders are looked after.
    func registrar() throws -> RegistrarSettings {
        RegistrarSettings(
            publicURL: try address(publicURL, "--public-url", "WRIT_PUBLIC_URL"),
            gitHub: try address(gitHubAPI, "--github-api", "WRIT_GITHUB_API").map(SenderAddress.init(base:)) ?? .gitHub,
            telegram: try address(telegramAPI, "--telegram-api", "WRIT_TELEGRAM_API").map(SenderAddress.init(base:))
                ?? .telegram)
    }

    /// Without the slash at its end.
    private func address(_ option: String?, _ name: String, _ variable: String) throws -> String? {
        guard let text = option ?? Environment[variable] else { return nil }
        do {
            _ = try WebAddress(manifestText: text)
        } catch {
            let why = (error as? SpecTextError)?.message ?? "\(error)"
            throw CommandFailure("\(name) is not an address such as https://example.com: \(why)")
        }
        guard !text.contains("?"), !text.contains("#") else {
            throw CommandFailure("\(name) \(text) must end with its path: leave out what follows `?` or `#`")
        }
        return String(text.reversed().drop { $0 == "/" }.reversed())
    }

    private func chosen<Value: ExpressibleByArgument>(_ option: Value?, _ variable: String) throws -> Value? {
        if let option { return option }
        guard let text = Environment[variable] else { return nil }
        guard let value = Value(argument: text) else {
            throw CommandFailure("\(variable) is \(text), which cannot be read")
        }
        return value
    }
}

/// Where `{file: …}` secrets lie.
struct SecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The directory of {file: …} secrets (WRIT_SECRETS_DIR; default the service's $CREDENTIALS_DIRECTORY)",
            valueName: "dir"))
    var secretsDir: String?

    /// Throws where somebody named a directory that is none: what is in it would be missing only when it is used.
    func check() throws {
        guard let named = secretsDir ?? Environment["WRIT_SECRETS_DIR"] else { return }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: named, isDirectory: &isDirectory), isDirectory.boolValue else {
            let name = secretsDir == nil ? "WRIT_SECRETS_DIR" : "--secrets-dir"
            throw CommandFailure("\(name) \(named) is no directory: make it first, or leave it out")
        }
    }

    var directory: String? {
        secretsDir ?? Environment["WRIT_SECRETS_DIR"] ?? Environment["CREDENTIALS_DIRECTORY"]
    }
}
