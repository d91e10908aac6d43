import ArgumentParser
import Spec
import Values

struct PrintSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print JSON Schema for editors: of all manifests, one kind, or writ.yaml.")

    @Argument(help: "A kind, or `settings` for writ.yaml; all kinds without it.")
    var kind: String?

    @OptionGroup var screen: ScreenOptions

    func run() throws {
        guard let kind else {
            Terminal.result(JSONSchemaWriter.manifest().prettyText)
            return
        }
        if kind.lowercased() == "settings" {
            Terminal.result(JSONSchemaWriter.settings().prettyText)
            return
        }
        Terminal.result(JSONSchemaWriter.manifest(of: try KindArgument.kind(kind)).prettyText)
    }
}

/// Kinds on the command line: singular or plural, in any case.
enum KindArgument {
    static func kind(_ text: String) throws -> any Kind.Type {
        if let kind = KindCatalog.named(text) { return kind }
        let known = KindCatalog.all.map { $0.kindName.rawValue }
        let near = KindCatalog.nearest(to: text).map { "; did you mean \($0)?" } ?? ""
        throw CommandFailure("unknown kind \(quoted(text))\(near) (known: \(known.joined(separator: ", ")))")
    }
}
