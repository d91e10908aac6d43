import Spec
import Testing
import Values

/// Webhooks that writ keeps at their senders, as manifests say it.
@Suite struct ManagedWebhookTests {
    @Test func `GitHub's webhook is managed with a token alone`() throws {
        try check(
            """
            === a.yaml: Repository a ===
            url: https://github.com/acme/site
            webhook: {secret: {env: HOOK}, manage: «1»true}
            === expected ===
            1: error missing-field: token => credentials
            """)
        try check(
            """
            === a.yaml: Repository a ===
            url: https://github.com/acme/site
            credentials: {env: TOKEN}
            webhook: {secret: {env: HOOK}, manage: true}
            """)
    }

    @Test func `nobody manages the webhook of another host`() throws {
        try check(
            """
            === a.yaml: Repository a ===
            url: https://git.example.com/acme/site.git
            provider: git
            credentials: {env: TOKEN}
            webhook: {secret: {env: HOOK}, manage: «1»true}
            === expected ===
            1: error exclusive-fields: `manage` is only for repositories on GitHub
            """)
    }

    @Test func `a token that nothing needs is told`() throws {
        try check(
            Parts.agents + """
                === a.yaml: Repository a ===
                url: https://github.com/acme/site
                credentials: «1»{env: TOKEN}
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: telegram, secret: {env: A}, token: «2»{env: B}}
                === expected ===
                1: warning not-active: spec.credentials
                2: warning not-active: spec.webhook.token
                """)
    }

    @Test func `a bot has one webhook: the second trigger that manages it is refused`() throws {
        try check(
            Parts.agents + """
                === one.yaml: Trigger one ===
                agent: brief
                webhook: {source: telegram, secret: {env: A}, manage: true, token: {env: BOT}}
                === other.yaml: Trigger other ===
                agent: brief
                webhook: {source: telegram, secret: {env: A}, manage: true, token: {env: OTHER}}
                === plain.yaml: Trigger plain ===
                agent: brief
                webhook: {source: telegram, secret: {env: A}}
                === two.yaml: Trigger two ===
                agent: brief
                webhook: {source: telegram, secret: {env: B}, manage: true, token: «1»{env: BOT}}
                === expected ===
                1: error exclusive-fields: Trigger/one manages the webhook of this bot, too => another bot
                """)
    }

    @Test func `Telegram's webhook is managed with the bot's token alone`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: telegram, secret: {env: A}, manage: «1»true}
                === expected ===
                1: error missing-field: bot's token
                """)
    }

    @Test(arguments: ["github", "slack", "standard"])
    func `other senders' webhooks are not managed by a trigger`(source: String) throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: \(source), secret: {env: A}, «1»manage: true, «2»token: {env: B}}
                === expected ===
                1: error exclusive-fields: `manage` is only for source telegram
                2: error exclusive-fields: `token` is only for source telegram
                """)
    }

    @Test(arguments: [
        ("https://github.com/acme/site", "github.com"), ("git@GitHub.com:acme/site.git", "github.com"),
        ("ssh://git.example.com:2222/acme/site", "git.example.com"), ("http://127.0.0.1:8080/a/b", "127.0.0.1"),
        ("file:///srv/site.git", nil),
    ])
    func `the host of a repository is told from its address`(url: String, host: String?) throws {
        #expect(try RepositoryURL(manifestText: url).host == host)
    }
}
