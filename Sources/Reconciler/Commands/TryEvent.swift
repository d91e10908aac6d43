import Agents
import Apply
import ArgumentParser
import Foundation
import Runtime
import Server
import Spec
import Values

struct TryEvent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Show which triggers a webhook would start, and what they would be told.",
        discussion: """
            Reads the manifests of the working tree, or of --rev; needs no state and no secret, and stores nothing. \
            The body is read as the sender would send it, signatures aside; whether and how it is a CloudEvent is for \
            the headers to say.
            """)

    @Argument(help: ArgumentHelp("The body of the request; - reads standard input", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Who would send it: github, slack, telegram, standard, generic, cloudevents"))
    var source: String

    @Option(
        name: .customLong("header"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("A header of it: 'X-GitHub-Event: push'", valueName: "header"))
    var headers: [String] = []

    @OptionGroup var repository: RepositoryOptions

    @Option(help: ArgumentHelp("The commit, branch or tag, in place of the working tree", valueName: "rev"))
    var rev: String?

    @OptionGroup var clock: ClockOption
    @OptionGroup var output: OutputOptions

    private static let bodyLimit = 1 << 20

    func run() throws {
        guard let source = Trigger.Webhook.Source(rawValue: source) else {
            let known = Trigger.Webhook.Source.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure("unknown source \(quoted(source)) (known: \(known))")
        }
        let loaded = try load()
        if !loaded.isValid {
            DiagnosticList(loaded.diagnostics).print(output)
            throw ExitCode.failure
        }
        let (body, now) = (try body(), try clock.instant())
        let headers = try fields(source, body)
        let events: [TriedEvent]
        do {
            events = try TriedEvent.all(
                source: source, headers: headers, body: body, catalog: loaded.catalog, now: now)
        } catch {
            throw CommandFailure("this would be answered with 400: \(error)")
        }
        if try output.isJSON {
            output.print([
                "formatVersion": "1", "events": .array(events.map { json($0, loaded.catalog) }),
            ])
        } else {
            Terminal.result(text(events, loaded.catalog))
        }
    }

    private func load() throws -> LoadedCatalog {
        guard let rev else {
            return try WorkingSource.at(repository.location, repository).load()
        }
        let configuration = try Configuration(repository)
        return try configuration.load(try configuration.repository.resolve(rev))
    }

    /// As given, and a content type where none is and it can be told.
    private func fields(_ source: Trigger.Webhook.Source, _ body: [UInt8]) throws -> [(String, String)] {
        var fields = try headers.map { header in
            let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw CommandFailure("\(quoted(header)) is no header: write 'Name: value'")
            }
            return (String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        func add(_ name: String, _ value: String) {
            if !fields.contains(where: { $0.0.lowercased() == name.lowercased() }) { fields.append((name, value)) }
        }
        if let type = Self.contentType(of: body, from: source) { add("Content-Type", type) }
        if source == .github { add("X-GitHub-Delivery", "tried") }
        return fields
    }

    /// Slack sends commands and what people do with buttons as a form, and GitHub everything where that is chosen there. What
    /// says whether a request is a CloudEvent at all, and in which form, is not guessed.
    private static func contentType(of body: [UInt8], from source: Trigger.Webhook.Source) -> String? {
        let isObject = body.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
        switch source {
        case .cloudevents: return nil
        case .slack, .github: return isObject ? "application/json" : "application/x-www-form-urlencoded"
        case .telegram, .standard, .generic: return "application/json"
        }
    }

    private func body() throws -> [UInt8] {
        let read: [UInt8]? =
            file == "-"
            ? try FileHandle.standardInput.read(upToCount: Self.bodyLimit + 1).map(Array.init) ?? []
            : SmallFile.read(file, limit: Self.bodyLimit)
        guard let bytes = read, bytes.count <= Self.bodyLimit else {
            let isThere = file == "-" || read != nil
            let problem =
                isThere ? SmallFile.tooLong(Self.bodyLimit) : SmallFile.problem(file, limit: Self.bodyLimit)
            throw CommandFailure("\(file) \(problem)\(isThere ? "" : "; `-` reads the standard input")")
        }
        return bytes
    }

    private func input(
        _ event: TriedEvent, _ decision: RoutingDecision, _ catalog: Catalog
    ) -> Result<String, RunFailure> {
        RunWork.input(of: decision.trigger, event.facts, catalog)
    }

    private func json(_ event: TriedEvent, _ catalog: Catalog) -> JSON {
        var object: JSONMembers = [
            "name": .string(event.name),
            "triggers": .array(
                event.decisions.map { decision in
                    var object = decision.json.object ?? [:]
                    guard decision.runs else { return .object(object) }
                    switch input(event, decision, catalog) {
                    case .success(let text): object["input"] = .string(text)
                    case .failure(let failure): object["problem"] = .string(failure.message)
                    }
                    return .object(object)
                }),
        ]
        object["id"] = event.id.map(JSON.string)
        return .object(object)
    }

    private func text(_ events: [TriedEvent], _ catalog: Catalog) -> String {
        guard !events.isEmpty else {
            let isHeard = catalog.all(Trigger.self).contains { $0.spec.webhook?.source.rawValue == source }
            return isHeard
                ? "a ping, a challenge, or what the app itself said: it is answered and runs nothing"
                : "no trigger listens to source \(source)"
        }
        var lines: [String] = []
        for event in events {
            lines.append("event \(event.name)\(event.id.map { ", id \($0)" } ?? "")")
            for decision in event.decisions {
                if case .pass(let reason) = decision.outcome {
                    lines.append("- Trigger/\(decision.trigger) passes: \(reason)")
                    continue
                }
                let target =
                    decision.spec.agent.map { "Agent/\($0.name)" } ?? decision.spec.tool.map { "Tool/\($0.name)" }
                lines.append("+ Trigger/\(decision.trigger) runs \(target ?? "nothing"), told:")
                switch input(event, decision, catalog) {
                case .success(let text):
                    lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
                case .failure(let failure): lines.append("    it cannot be told: \(failure.message)")
                }
            }
        }
        return lines.map(displayed).joined(separator: "\n")
    }
}
