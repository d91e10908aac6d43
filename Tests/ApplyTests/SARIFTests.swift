import Apply
import Spec
import Testing
import Values

/// Diagnostics for code scanning.
@Suite struct SARIFTests {
    private func run(_ diagnostics: [Diagnostic]) throws -> JSON {
        let log = SARIF.log(diagnostics, version: "1.2.3")
        #expect(log["version"] == "2.1.0")
        #expect(log["runs"]?.array?.count == 1)
        return try #require(log["runs"]?[0])
    }

    private func problem(_ line: Int, path: String = "agents/a b:c.yaml", _ message: String = "wrong") -> Diagnostic {
        Diagnostic(.error, .badValue, message, at: Place(path: path, mark: Mark(line: line, column: 3)), fix: "write x")
    }

    @Test func `every code is a rule with its words`() throws {
        let driver = try #require(try run([])["tool"]?["driver"])
        #expect(driver["name"] == "writ")
        #expect(driver["version"] == "1.2.3")
        let rules = try #require(driver["rules"]?.array)
        #expect(rules.compactMap { $0["id"]?.string } == DiagnosticCode.allCases.map(\.rawValue))
        for rule in rules {
            for part in ["shortDescription", "fullDescription", "help"] {
                let text = try #require(rule[part]?["text"]?.string)
                #expect(text.hasSuffix(".") && text.count > 10, "\(rule)")
            }
            #expect(["error", "warning"].contains(rule["defaultConfiguration"]?["level"]?.string))
        }
    }

    @Test func `a result has its rule, level, text and place`() throws {
        let run = try run([problem(7)])
        let result = try #require(run["results"]?[0])
        let rules = try #require(run["tool"]?["driver"]?["rules"]?.array)
        #expect(result["ruleId"] == "bad-value")
        #expect(rules[try #require(result["ruleIndex"]?.int)]["id"] == "bad-value")
        #expect(result["level"] == "error")
        #expect(result["message"]?["text"] == "wrong\nfix: write x")
        #expect(run["columnKind"] == "unicodeCodePoints")
        let place = try #require(result["locations"]?[0]?["physicalLocation"])
        #expect(place["artifactLocation"]?["uri"] == "agents/a%20b%3Ac.yaml")
        #expect(place["region"] == ["startLine": 7, "startColumn": 3])
    }

    @Test func `a problem further down is the same problem, a second one another`() throws {
        func prints(_ diagnostics: [Diagnostic]) throws -> [String] {
            try #require(try run(diagnostics)["results"]?.array).compactMap {
                $0["partialFingerprints"]?["primaryLocationLineHash"]?.string
            }
        }
        let first = try prints([problem(7)])
        #expect(try prints([problem(70)]) == first)
        let two = try prints([problem(7), problem(8)])
        #expect(two.first == first.first)
        #expect(Set(two).count == 2)
        #expect(try prints([problem(7, "other")]) != first)
        #expect(try prints([problem(7, path: "b.yaml")]) != first)
    }

    @Test func `there are at most 25,000 results, errors first, and the rest is counted`() throws {
        let warning = Diagnostic(.warning, .notActive, "rests", at: Place(path: "a.yaml", mark: .start))
        let run = try run([warning] + (0..<25_000).map { problem($0 + 1) })
        let results = try #require(run["results"]?.array)
        #expect(results.count == 25_000)
        #expect(results.allSatisfy { $0["level"] == "error" })
        let notes = run["invocations"]?[0]?["toolExecutionNotifications"]
        #expect(notes?[0]?["message"]?["text"] == "not listed: 1 problem")
    }
}
