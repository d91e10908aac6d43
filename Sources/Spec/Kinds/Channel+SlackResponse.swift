import Values

extension Channel {
    /// Answers at the `response_url` that came with a slash command or an interaction (docs.slack.dev, "Handling user
    /// interaction"). The address comes with the event; what is declared is where such addresses may lie.
    package struct SlackResponse: SpecObject, Hashable {
        package let visibility: Visibility
        package let origin: WebAddress
        package let allowPrivateNetworks: Bool

        package static let standardOrigin: WebAddress = "https://hooks.slack.com"

        /// Who sees the answer.
        package enum Visibility: String, SpecChoice {
            case ephemeral
            case inChannel
        }

        package static let schema = Schema<SlackResponse>(
            "An answer at Slack's response_url.",
            Field(
                "visibility", \.visibility, "Whether the person alone or the whole conversation sees it.",
                default: .ephemeral),
            Field(
                "origin", \.origin, "Where answers may be sent: an address elsewhere is refused.",
                default: standardOrigin),
            Field(
                "allowPrivateNetworks", \.allowPrivateNetworks, "Whether it may be a private or local address.",
                default: false),
            make: SlackResponse.init)
    }
}
