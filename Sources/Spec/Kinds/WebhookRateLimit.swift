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
        rules: [Rule(WebhookRateLimit.periodIsSensible)],
        make: WebhookRateLimit.init)

    /// Less than a second would be no limit, more than a day no period.
    private static func periodIsSensible(
        _ limit: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        guard let text = limit["per"]?.string, let per = Duration(manifest: text),
            per < .seconds(1) || per > .seconds(86_400)
        else { return [] }
        return [
            Diagnostic(
                .error, .badValue, "\(quoted(text)) is not between 1s and 1d",
                at: Place(path: reading.path, mark: node.mark(at: JSONPointer(["per"]))), fix: "write 1s, 1m or 1h")
        ]
    }
}
