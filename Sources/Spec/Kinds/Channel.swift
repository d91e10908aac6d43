import Values

extension KindName {
    package static let channel = KindName(rawValue: "Channel")
}

/// Where results are sent.
package struct Channel: Kind, Hashable {
    package let slack: Address?
    package let telegram: Telegram?
    package let discord: Address?
    package let webhook: Webhook?
    package let github: GitHub?
    package let slackResponse: SlackResponse?
    package let template: TemplateText?

    package static let kindName = KindName.channel
    package static let plural = "channels"
    package static let fixed = ["slack", "telegram", "discord", "webhook", "github", "slackResponse"]
    package static let schema = Schema<Channel>(
        "A channel: where results are sent.",
        Field("slack", optional: \.slack, "An incoming webhook of Slack.", .inactive),
        Field("telegram", optional: \.telegram, "A chat of Telegram.", .inactive),
        Field("discord", optional: \.discord, "A webhook of Discord.", .inactive),
        Field("webhook", optional: \.webhook, "Any HTTP endpoint, signed by Standard Webhooks."),
        Field("github", optional: \.github, "A comment on the issue or pull request of the event.", .inactive),
        Field(
            "slackResponse", optional: \.slackResponse,
            "An answer to whoever wrote the slash command, or pressed the button, that is the event."),
        Field("template", optional: \.template, "The message: a template over output, run, state and the event."),
        constraints: [.exactlyOne(["slack", "telegram", "discord", "webhook", "github", "slackResponse"])],
        rules: [Rule(on: ["template"], Channel.templateAsksForWhatIsThere)],
        make: Channel.init)

    private static func templateAsksForWhatIsThere(
        _ channel: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        EventRoots.warnings(
            in: channel["template"], beside: EventRoots.outcome, at: node["template"]?.mark ?? node.mark, reading)
    }

    package struct Address: SpecObject, Hashable {
        package let webhookURL: SecretReference

        package static let schema = Schema<Address>(
            "An incoming webhook, whose address is a secret.",
            Field("webhookURL", \.webhookURL, "The address."),
            make: Address.init)
    }

    package struct Telegram: SpecObject, Hashable {
        package let token: SecretReference
        package let chat: String

        package static let schema = Schema<Telegram>(
            "A chat of Telegram.",
            Field("token", \.token, "The bot's token."),
            Field("chat", \.chat, "The chat's id or @name."),
            make: Telegram.init)
    }

    package struct Webhook: SpecObject, Hashable {
        package let url: WebAddress
        package let secret: SecretReference
        package let allowPrivateNetworks: Bool

        package static let schema = Schema<Webhook>(
            "An HTTP endpoint that gets signed messages (Standard Webhooks).",
            Field("url", \.url, "Where to send."),
            Field("secret", \.secret, "The signing secret: whsec_ and base64."),
            Field(
                "allowPrivateNetworks", \.allowPrivateNetworks, "Whether it may be a private or local address.",
                default: false),
            make: Webhook.init)
    }

    package struct GitHub: SpecObject, Hashable {
        package let repository: Reference<Repository>
        package let token: SecretReference

        package static let schema = Schema<GitHub>(
            "Comments on the issue or pull request of the event.",
            Field("repository", \.repository, "The repository."),
            Field("token", \.token, "A token that may comment."),
            make: GitHub.init)
    }
}
