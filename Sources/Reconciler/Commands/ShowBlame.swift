import Apply
import ArgumentParser
import Git
import Server
import Spec
import State
import Values

struct ShowBlame: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Show for each field of a resource which commit set it last, when, and by whom.",
        discussion: "Follows renames. Authors come from the repository, where it is at hand.")

    @Argument(help: ArgumentHelp("The resource: agent/market-brief.", valueName: "kind/name"))
    var subject: String

    @OptionGroup var source: RepositoryOptions
    @OptionGroup var state: StateOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let reader = try RecordedState.open(source, state).reader
        let resource = try SubjectArgument.resource(subject, reader)
        let lines = try lines(resource.id, reader)
        var revisions: [Int: Revision] = [:]
        for number in Set(lines.map(\.revision)) { revisions[number] = try reader.revision(number) }
        let commits = CommitBook(source)
        if try output.isJSON {
            output.print(
                json(
                    resource.id, try reader.formerNames(of: resource.id), lines,
                    revisions.values.sorted { $0.number < $1.number },
                    commits))
        } else {
            Terminal.result(text(lines, revisions, commits))
            if let problem = commits.problem { output.talk("Authors are not known: \(problem)") }
        }
    }

    private func lines(_ id: ResourceID, _ reader: StateReader) throws -> [Blame.Line] {
        var blame = Blame(of: id.kind)
        var last: ResourceVersion?
        for version in try reader.versions(of: id).reversed() {
            guard let manifest = try reader.manifest(version.digest) else { continue }
            // What was undone goes on where it was; what was deleted and declared again began anew.
            let isNew = try last?.until != version.from && reader.revision(version.from)?.undoes == nil
            blame.add(manifest, revision: version.from, isNew: isNew)
            last = version
        }
        return blame.lines
    }

    private func text(_ lines: [Blame.Line], _ revisions: [Int: Revision], _ commits: CommitBook) -> String {
        var table = Table("REVISION", "COMMIT", "AUTHOR", "APPLIED", "FIELD", "VALUE")
        for line in lines {
            let revision = revisions[line.revision]
            let author = revision.flatMap { commits[$0.commit]?.author.name } ?? "-"
            table.add(
                String(line.revision), revision.map { String($0.commit.prefix(12)) } ?? "-", author,
                revision?.createdAt.rfc3339 ?? "-", line.label,
                line.value.map { headline($0.canonicalText) } ?? "(sensitive)")
        }
        return table.text()
    }

    private func json(
        _ id: ResourceID, _ formerNames: [String], _ lines: [Blame.Line], _ revisions: [Revision],
        _ commits: CommitBook
    ) -> JSON {
        var object: [String: JSON] = [
            "formatVersion": Shapes.formatVersion, "kind": .string(id.kind.rawValue), "name": .string(id.name),
            "fields": .array(
                lines.map { line in
                    var field: [String: JSON] = [
                        "path": .string(line.pointer.text), "revision": .number(JSONNumber(line.revision)),
                    ]
                    if line.label != line.pointer.tokens.joined(separator: ".") { field["label"] = .string(line.label) }
                    if let value = line.value { field["value"] = value } else { field["sensitive"] = true }
                    return .object(field)
                }),
            "revisions": .array(revisions.map { RevisionWithCommit.json($0, commits) }),
        ]
        if !formerNames.isEmpty { object["formerNames"] = .array(formerNames.map(JSON.string)) }
        return .object(object)
    }
}

/// A revision with what the repository says of its commit.
enum RevisionWithCommit {
    static func json(_ revision: Revision, _ commits: CommitBook) -> JSON {
        var object = Shapes.revision(revision).object ?? [:]
        object["commitDetail"] = commits[revision.commit]?.json
        return .object(object)
    }
}
