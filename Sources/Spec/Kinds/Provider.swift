import Values

extension KindName {
    package static let provider = KindName(rawValue: "Provider")
}

/// A service that serves models.
package struct Provider: Kind, Hashable {
    package let type: ProviderType
    package let baseURL: WebAddress?
    package let apiKey: SecretReference?
    package let concurrency: Bounded<SmallCount>
    package let timeout: Duration
    package let headers: [String: OrSecret<String>]
    package let transcripts: Transcripts?

    package enum ProviderType: String, SpecChoice {
        case openai
        case anthropic
        case ollama
        case letta
        case replay
    }

    package static let kindName = KindName.provider
    package static let plural = "providers"
    package static let fixed = ["type"]
    package static let schema = Schema<Provider>(
        "A service that serves models.",
        Field("type", \.type, "How it is spoken to.", .inactive("anthropic", "ollama", "letta")),
        Field("baseURL", optional: \.baseURL, "Its address, with /v1 where it has one."),
        Field("apiKey", optional: \.apiKey, "The key that it asks for."),
        Field("concurrency", \.concurrency, "Calls at the same time.", default: 8, .limit),
        Field("timeout", \.timeout, "How long one call may take.", default: .seconds(60), .limit),
        Field("headers", \.headers, "Headers of each call; a value may be a secret.", default: [:], .sensitive),
        Field("transcripts", optional: \.transcripts, "Type replay: the file of recorded answers (JSON Lines)."),
        constraints: [.onlyWhere("transcripts", isNeededBy: "type", being: ProviderType.replay.rawValue)],
        make: Provider.init)

    /// Recorded answers: a file of the repository, JSON Lines, one model answer a line.
    package struct Transcripts: SpecValue, Hashable {
        package let file: IncludedFile

        package static var shape: Shape {
            .text(TextShape("the path of a file of the repository, relative to this manifest", maximumLength: 512))
        }

        package static func read(_ node: Node, _ reading: ManifestReading) -> Transcripts? {
            if case .recorded = reading.source { return IncludedFile.read(node, reading).map(Transcripts.init) }
            guard let file = IncludedFile.read(path: node, reading) else { return nil }
            var isSound = true
            for (index, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                guard line.contains(where: { !$0.isWhitespace }), let problem = problem(in: line) else { continue }
                let place = Place(path: file.path, mark: Mark(line: index + 1, column: 1))
                reading.report(Diagnostic(.error, .badValue, problem, at: place, fix: "one JSON object a line"))
                isSound = false
            }
            return isSound ? Transcripts(file: file) : nil
        }

        private static func problem(in line: Substring) -> String? {
            do {
                guard case .object = try JSON(parsing: Array(line.utf8)) else {
                    return "a recorded answer must be an object"
                }
                return nil
            } catch {
                return "this recorded answer is not JSON: \(error)"
            }
        }

        package var json: JSON { file.json }
    }
}
