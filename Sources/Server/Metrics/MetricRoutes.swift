import HTTPTypes

/// `/metrics`
struct MetricRoutes: Sendable {
    let state: StateMetrics
    /// What is counted in this process.
    let others: @Sendable () -> [MetricFamily]

    var routes: [Route] {
        [
            Route(.get, "/metrics", .guarded) { _ in
                Answer(.ok, PrometheusText.contentType, PrometheusText.write(try state.families() + others()))
            }
        ]
    }
}
