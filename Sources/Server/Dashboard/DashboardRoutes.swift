import HTTPTypes
import Spec
import State
import Values

/// Pages for people.
struct DashboardRoutes: Sendable {
    let source: StateSource
    let version: String

    /// Seconds between two loads of a page that shows what changes.
    private static let refresh = 10

    var routes: [Route] {
        [
            Route(.get, "/", .guarded) { call in
                try call.query.check([])
                let data = try DashboardData(source)
                let title = data.overview.revision.map { "Writ · revision \($0.number)" } ?? "Writ"
                return .html(frame(title, refresh: Self.refresh).page(DashboardPage(data).content))
            },
            Route(.get, "/runs/*", .guarded) { call in
                try call.query.check([])
                guard let detail = try RunDetail(call.parameter(), from: source.reader) else {
                    return .html(frame("Not found", refresh: nil).page("<h1>No run has this id.</h1>"), .notFound)
                }
                let page = RunPage(detail: detail, parts: Components(now: source.now()))
                return .html(
                    frame("Run \(detail.run.id)", refresh: detail.run.state.isActive ? Self.refresh : nil)
                        .page(page.content))
            },
            Route(.get, Stylesheet.path, .guarded) { _ in
                var answer = Answer(.ok, "text/css; charset=utf-8", Stylesheet.text)
                answer.headers[.cacheControl] = "private, max-age=86400, immutable"
                return answer
            },
        ]
    }

    private func frame(_ title: String, refresh: Int?) -> PageFrame {
        PageFrame(title: title, version: version, now: source.now(), refresh: refresh)
    }
}
