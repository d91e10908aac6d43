import Values

/// How many events one webhook takes. A burst of `requests` is taken at once, and then as many as time gives back.
package struct WebhookRateLimit: SpecObject, Hashable {
    package let requests: Bounded<FromOne>
    package let per: Duration

    /// 100 a second for ever, and 6,000 at once.
    package static let standard = WebhookRateLimit(requests: 6_000, per: .seconds(60))

    package static let schema = Schema<WebhookRateLimit>(
        "How many events a webhook takes.",
        Field("requests", \.requests, "Events within the period; each of a batch counts.", default: standard.requests),
        Field("per", \.per, "The period.", default: standard.per),
        make: WebhookRateLimit.init)
}
