import Values

/// The style of all pages.
enum Stylesheet {
    /// With a digest of what it says, so that a browser may keep it.
    static let path = "/assets/\(Digest(of: text.utf8).text.suffix(12)).css"

    static let text = """
        :root {
          color-scheme: light dark;
          --bg: #f5f6f8; --card: #fff; --ink: #171a21; --soft: #5b6472; --line: #e3e6eb; --hover: #f8f9fb;
          --accent: #4457d6; --good: #137a48; --good-bg: #e2f5ea; --bad: #b3261e; --bad-bg: #fdeae8;
          --wait: #8a5a00; --wait-bg: #fdf1d8; --busy: #2749c9; --busy-bg: #e6ecff; --rest: #5b6472; --rest-bg: #eceef2;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --bg: #0f1217; --card: #171b22; --ink: #e7eaf0; --soft: #98a2b1; --line: #272d37; --hover: #1c212a;
            --accent: #93a2ff; --good: #5fd598; --good-bg: #12301f; --bad: #ff9a90; --bad-bg: #3b1916;
            --wait: #f0c36a; --wait-bg: #35290f; --busy: #9db2ff; --busy-bg: #1b2547; --rest: #98a2b1; --rest-bg: #242a34;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--bg); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
          font-variant-numeric: tabular-nums;
        }
        a { color: var(--accent); text-decoration: none; }
        a:hover { text-decoration: underline; }
        a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em; }
        .top, main, footer { max-width: 1360px; margin: 0 auto; padding: 0 28px; }
        .top { display: flex; align-items: center; justify-content: space-between; gap: 16px; padding-top: 22px; padding-bottom: 22px; flex-wrap: wrap; }
        .brand { display: inline-flex; align-items: center; gap: 11px; color: var(--ink); font-size: 20px; font-weight: 650; letter-spacing: -.01em; }
        .brand:hover { text-decoration: none; }
        .mark { display: grid; place-items: center; width: 32px; height: 32px; border-radius: 9px; background: #4457d6; color: #fff; font-weight: 700; line-height: 1; padding-bottom: 3px; }
        .note { color: var(--soft); font-size: 13px; font-weight: 400; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(230px, 1fr)); gap: 18px; margin-bottom: 18px; }
        .tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; }
        .tile { padding: 18px 22px; min-width: 0; }
        .tile h2 { margin: 0 0 6px; color: var(--soft); font-size: 13px; font-weight: 500; }
        .tile .big { font-size: 27px; font-weight: 620; line-height: 1.25; letter-spacing: -.02em; }
        .tile .big .pill { font-size: 15px; padding: 4px 13px; letter-spacing: 0; vertical-align: 4px; }
        .tile p { margin: 4px 0 0; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        .columns { display: grid; grid-template-columns: minmax(0, 2fr) minmax(320px, 1fr); gap: 18px; align-items: start; }
        .columns > div { display: grid; gap: 18px; min-width: 0; }
        .card { padding: 20px 22px 14px; min-width: 0; margin-bottom: 18px; }
        .columns .card { margin-bottom: 0; }
        .card h2 { display: flex; align-items: baseline; justify-content: space-between; gap: 12px; margin: 0 0 10px; font-size: 16px; font-weight: 620; }
        .scroll { overflow-x: auto; margin: 0 -22px; padding: 0 22px; }
        table { width: 100%; border-collapse: collapse; }
        th { padding: 6px 12px 6px 0; color: var(--soft); font-size: 12px; font-weight: 500; text-align: left; white-space: nowrap; }
        td { padding: 10px 12px 10px 0; border-top: 1px solid var(--line); vertical-align: top; }
        td:last-child, th:last-child { padding-right: 0; }
        tbody tr:hover td { background: var(--hover); }
        .num, th.num { text-align: right; white-space: nowrap; }
        .who { min-width: 150px; max-width: 240px; }
        .tight { white-space: nowrap; }
        .text { color: var(--soft); overflow-wrap: anywhere; unicode-bidi: isolate; }
        td.text { min-width: 220px; }
        .name { font-weight: 520; overflow-wrap: anywhere; unicode-bidi: isolate; }
        .sub { display: block; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
        .num .sub { overflow-wrap: normal; }
        .columns > div:last-child td:first-child { min-width: 120px; }
        a.sub { color: var(--accent); }
        .sub code { white-space: nowrap; }
        .bad-text { color: var(--bad); }
        .empty { margin: 4px 0 10px; color: var(--soft); }
        .pill { display: inline-block; padding: 2px 10px; border-radius: 99px; font-size: 12.5px; font-weight: 560; line-height: 1.5; white-space: nowrap; }
        .pill.good { color: var(--good); background: var(--good-bg); }
        .pill.bad { color: var(--bad); background: var(--bad-bg); }
        .pill.wait { color: var(--wait); background: var(--wait-bg); }
        .pill.busy { color: var(--busy); background: var(--busy-bg); }
        .pill.rest { color: var(--rest); background: var(--rest-bg); }
        .banner { margin-bottom: 18px; padding: 18px 22px; border: 1px solid var(--bad); border-radius: 14px; background: var(--bad-bg); }
        .banner h2 { margin: 0 0 4px; color: var(--bad); font-size: 16px; }
        .banner p { margin: 0 0 8px; }
        .banner ul { margin: 0; padding: 0; list-style: none; }
        .banner li { padding: 3px 0; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere; }
        .banner .fix { display: block; padding-left: 2em; color: var(--soft); }
        .kinds { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 4px 28px; }
        .kind h3 { display: flex; justify-content: space-between; margin: 12px 0 2px; font-size: 13px; font-weight: 560; color: var(--soft); }
        .kind ul { margin: 0 0 10px; padding: 0; list-style: none; }
        .kind li { display: flex; justify-content: space-between; gap: 12px; padding: 6px 0; border-top: 1px solid var(--line); }
        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(290px, 1fr)); gap: 14px 24px; margin: 0 0 8px; }
        .facts dt { color: var(--soft); font-size: 13px; }
        .facts dd { margin: 0; overflow-wrap: anywhere; }
        h1 { margin: 4px 0 18px; font-size: 24px; font-weight: 640; letter-spacing: -.02em; overflow-wrap: anywhere; }
        h1 .pill { font-size: 14px; letter-spacing: 0; vertical-align: 4px; margin-left: 8px; }
        pre { margin: 0 0 10px; padding: 14px 16px; border-radius: 10px; background: var(--bg); white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
        .step { padding: 12px 0; border-top: 1px solid var(--line); }
        .step > p { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0 0 6px; }
        details { margin: 4px 0; }
        summary { cursor: pointer; color: var(--soft); font-size: 13px; }
        details pre { margin-top: 8px; }
        footer { padding-top: 22px; padding-bottom: 40px; color: var(--soft); font-size: 13px; }
        @media (max-width: 1000px) { .columns { grid-template-columns: minmax(0, 1fr); } }
        @media (max-width: 600px) { .top, main, footer { padding-left: 16px; padding-right: 16px; } }
        """
}
