import Spec
import State
import Values

/// What the dashboard shows, read at one time.
struct DashboardData: Sendable {
    let overview: Overview
    let runs: [Run]
    let events: [EventSummary]
    let deliveries: [Delivery]
    /// What is called otherwise since it ran.
    let names: CurrentNames
    /// Of the resources in the overview, in its order.
    let statuses: [ResourceStatus]

    /// How far back the page looks for what runs say about resources.
    private static let recentRuns = 200
    static let shownRuns = 20

    init(_ source: StateSource) throws(StateError) {
        overview = try source.overview()
        let recent = try source.reader.runs(Page(limit: Self.recentRuns)).items
        runs = Array(recent.prefix(Self.shownRuns))
        events = try source.reader.events(Page(limit: 8)).items
        names = try source.reader.currentNames()
        deliveries = try source.reader.deliveries(Page(limit: 6)).items
        let reader = try source.statuses(runs: recent)
        statuses = overview.resources.map { reader.recentStatus(of: $0) }
    }
}
