import Foundation
import Spec
import Testing

/// The page of codes has all of them, as the program has them.
@Suite struct DiagnosticPageTests {
    private struct Row {
        let code: String
        let severity: String
        let rule: String
        let advice: String
        let tellers: String

        init?(_ line: some StringProtocol) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("| `"), cells.count == 5 else { return nil }
            (code, severity, rule, advice, tellers) = (cells[0], cells[1], cells[2], cells[3], cells[4])
        }
    }

    private static let rows: [Row] = {
        let page = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../docs/diagnostics.md").standardized
        return (try? String(contentsOf: page, encoding: .utf8))?.split(separator: "\n").compactMap(Row.init) ?? []
    }()

    @Test func `it has every code once, in the order of the program`() {
        #expect(Self.rows.map(\.code) == DiagnosticCode.allCases.map { "`\($0.rawValue)`" })
    }

    @Test func `severity and rule are the program's, and each says what to do and who tells it`() {
        for (row, code) in zip(Self.rows, DiagnosticCode.allCases) {
            #expect(row.severity == (code.isAdvice ? "warning" : "error"), "\(row)")
            #expect(row.rule == code.summary, "\(row)")
            #expect(row.advice.hasSuffix("."), "\(row)")
            #expect(row.tellers == "all" || row.tellers.hasPrefix("`"), "\(row)")
        }
    }
}
