import Values

/// What every page has around its content.
struct PageFrame: Sendable {
    let title: String
    let version: String
    let now: Instant
    /// Seconds after which the page is loaded again; `nil` for never.
    let refresh: Int?

    func page(_ content: HTML) -> HTML {
        let again = refresh.map { seconds -> HTML in "<meta http-equiv=\"refresh\" content=\"\(seconds)\">" } ?? .empty
        let note = refresh.map { seconds -> HTML in "· refreshes every \(seconds) s" } ?? .empty
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            \(again)
            <title>\(title)</title>
            <link rel="icon" href="\(Self.icon)">
            <link rel="stylesheet" href="\(Stylesheet.path)">
            </head>
            <body>
            <header class="top">
            <a class="brand" href="/"><span class="mark" aria-hidden="true">w</span>Writ</a>
            <span class="note">as of <time datetime="\(now.rfc3339)">\(Self.clock(now))</time> \(note)</span>
            </header>
            <main>
            \(content)
            </main>
            <footer>Writ \(version) · <a href="/api/v1/status">status as JSON</a> · <a href="/metrics">metrics</a></footer>
            </body>
            </html>

            """
    }

    /// `2026-11-21 07:00:00 UTC`
    private static func clock(_ instant: Instant) -> String {
        String(instant.rfc3339.prefix(19)).split(separator: "T").joined(separator: " ") + " UTC"
    }

    private static let icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
        + "%3Crect width='32' height='32' rx='8' fill='%234457d6'/%3E"
        + "%3Cpath d='M7 11l4.5 11L16 13l4.5 9L25 11' fill='none' stroke='%23fff' stroke-width='3'"
        + " stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E"
}
