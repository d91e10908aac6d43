import Spec
import Testing
import Values

@Suite struct ScalarTests {
    @Test(arguments: [
        "NO", "no", "yes", "on", "off", "y", "12:30", "017", "2024-01-01", "1.10", "0x1F", "1_000", "1e3", "-x", ".5",
    ]) func `in a text, a scalar stays what was written: Norway (fault A12)`(written: String) throws {
        #expect(try specOfUser("displayName: \(written)")["displayName"] == .string(written))
    }

    @Test(arguments: ["true", "True", "FALSE"]) func `a boolean in a text must be quoted (fault A12)`(written: String)
        throws
    {
        try check(
            """
            === a.yaml: User a ===
            displayName: «1»\(written)
            === expected ===
            1: error wrong-type: found a boolean => "\(written)"
            """)
        #expect(try specOfUser("displayName: '\(written)'")["displayName"] == .string(written))
    }

    @Test(arguments: ["yes", "no", "on", "1", "0", "'true'", "y", "tRue"])
    func `a boolean is true or false and nothing else (fault A12)`(written: String) throws {
        try check(
            "=== a.yaml: User a ===\nsuspend: «1»\(written)\n=== expected ===\n"
                + "1: error wrong-type: expected true or false")
    }

    @Test(arguments: [
        ("9223372036854775808", "bad-value"), ("-9223372036854775809", "bad-value"), ("1e400", "wrong-type"),
        (".nan", "wrong-type"), ("-.inf", "wrong-type"), ("1_000", "wrong-type"), ("1.5", "wrong-type"),
        ("'1'", "wrong-type"), ("99999999999999999999999999999999", "bad-value"), ("1e999999999999", "wrong-type"),
        ("0xFFFFFFFFFFFFFFFFFF", "wrong-type"), ("1001", "bad-value"), ("0", "bad-value"), ("1e18", "bad-value"),
    ]) func `a whole number out of bounds is refused and never traps (fault A28)`(written: String, code: String) throws
    {
        try check(
            Parts.provider + """
                === a.yaml: Agent a ===
                model: {provider: openai, name: small}
                systemPrompt: Hi
                limits: {maxSteps: «1»\(written)}
                === expected ===
                1: error \(code)
                """)
    }

    @Test(arguments: [
        ("017", "17"), ("0o17", "15"), ("0x1F", "31"), ("1e2", "100"), ("+8", "8"), ("8.0", "8"), ("8.", "8"),
    ]) func `numbers are those of YAML 1.2's core schema (fault A12)`(written: String, value: String) throws {
        let catalog = try load(
            Parts.provider + "=== a.yaml: Agent a ===\nmodel: {provider: openai, name: small}\nsystemPrompt: Hi\n"
                + "limits: {maxSteps: \(written)}")
        #expect(catalog[Agent.id("a")]?.manifest["spec"]?["limits"]?["maxSteps"]?.canonicalText == value)
    }

    @Test func `free values take their types from YAML`() throws {
        let catalog = try load(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: github, secret: {env: A}}
                match:
                  - path: payload
                    in: [no, 'true', true, null, ~, 017, 1.50, 12345678901234567890123, {a: [x]}]
                """)
        #expect(
            catalog[Trigger.id("t")]?.manifest["spec"]?["match"]?[0]?["in"]?.canonicalText
                == #"["no","true",true,null,null,17,1.5,1.2345678901234567890123e+22,{"a":["x"]}]"#)
    }

    @Test func `a number that JSON cannot say is refused`() throws {
        try check(
            Parts.agents + """
                === t.yaml: Trigger t ===
                agent: brief
                webhook: {source: github, secret: {env: A}}
                match: [{path: payload, equals: «1».nan}, {path: payload, equals: {a: [1, «2»1e999]}}]
                === expected ===
                1: error bad-value: cannot be said in JSON => quote it
                2: error bad-value: cannot be said in JSON
                """)
    }

    private func specOfUser(_ field: String) throws -> JSON {
        try #require(try load("=== a.yaml: User a ===\n\(field)")[User.id("a")]?.manifest["spec"])
    }
}
