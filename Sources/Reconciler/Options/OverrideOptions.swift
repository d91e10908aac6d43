import Apply
import ArgumentParser
import Server
import Spec
import State
import Values

/// Why something is overridden by hand, and for how long.
struct OverrideOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why, for those who come after; must be said", valueName: "text"))
    var reason: String?

    @Option(
        help: ArgumentHelp(
            "For how long, or until when: 2h, 2026-01-31T09:00:00Z (default until somebody ends it)", valueName: "time")
    )
    var until: String?

    /// - Parameter reader: asked where the request is not complete: what is wrong with the fields is told first
    func request(_ id: ResourceID, _ fields: [String], _ reader: () throws -> StateReader) throws -> OverrideRequest {
        guard let reason else {
            try Overriding.fields(fields, of: id, in: try reader())
            throw CommandFailure("say why, for those who come after: --reason TEXT")
        }
        return OverrideRequest(
            id: id, fields: fields, reason: reason, actor: Actor.current, until: try until.map(Self.instant))
    }

    private static func instant(_ text: String) throws -> Instant {
        if let duration = Duration(manifest: text) {
            guard duration > .zero else { throw CommandFailure("--until \(text): it must be more than zero") }
            guard duration <= Overriding.longest else {
                throw CommandFailure(
                    "--until \(text) is over ten years: leave it out, and it holds until somebody ends it")
            }
            return SystemTime.now().advanced(by: duration)
        }
        guard let instant = Instant(rfc3339: text) else {
            throw CommandFailure("--until \(text): write 2h, 30m, or 2026-01-31T09:00:00Z")
        }
        return instant
    }
}

/// Changes what is overridden, here or by who holds the state, and shows what holds then.
struct OverrideChange {
    let source: RepositoryOptions
    let state: StateOptions
    let output: OutputOptions
    let command: String

    func set(_ request: OverrideRequest) async throws {
        let answer = try await StateChange.perform(at: try path(), command: command) { store in
            Shapes.list(try Overriding(store: store, now: SystemTime.now).set(request).map(\.json))
        } there: { client in
            try await client.override(request)
        }
        try show(answer, of: request.id)
    }

    func end(_ id: ResourceID, _ field: String?) async throws {
        let actor = Actor.current
        let answer = try await StateChange.perform(at: try path(), command: command) { store in
            Shapes.list(try Overriding(store: store, now: SystemTime.now).end(id, field, actor: actor).map(\.json))
        } there: { client in
            try await client.endOverrides(of: id, field, actor: actor)
        }
        try show(answer, of: id, isEnd: true)
    }

    /// A state is made by applying, not by this.
    private func path() throws -> String {
        let path = try RecordedState.path(source, state)
        _ = try StateAccess.reader(at: path, toChangeBy: command)
        return path
    }

    /// - Parameters:
    ///   - id: whose it is; nil for all that is overridden
    ///   - isEnd: whether something was taken back just now
    func show(_ answer: JSON, of id: ResourceID? = nil, isEnd: Bool = false) throws {
        if try output.isJSON { return output.print(answer) }
        let items = answer["items"]?.array ?? []
        var table = Table("RESOURCE", "FIELD", "VALUE", "BY", "UNTIL", "REASON")
        for item in items {
            let field = item["path"]?.string.flatMap { JSONPointer($0) }?.tokens.joined(separator: ".") ?? ""
            let effect = item["declared"].map { " (no effect: \($0.canonicalText) declared)" } ?? ""
            let value = (item["value"]?.canonicalText ?? "") + effect
            table.add(
                "\(item["kind"]?.string ?? "")/\(item["name"]?.string ?? "")", field,
                value, item["actor"]?.string ?? "", item["until"]?.string ?? "it is ended",
                item["reason"]?.string ?? "")
        }
        let whose = id.map { " of \($0)" } ?? ""
        let none = "nothing\(whose) is overridden by hand\(isEnd ? " any more" : "")"
        Terminal.result(table.isEmpty ? none : table.text())
    }
}
