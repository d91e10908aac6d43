import Values

/// What a manifest with mistakes says all the same: enough to tell whether it is like another one.
package struct ReadableContent: Sendable, Hashable {
    /// Of fields, whatever those are called; longer texts by line.
    package private(set) var values: Set<String> = []
    /// Paths of files that could not be read, as they are written: their text may be part of it.
    package private(set) var files: Set<String> = []

    private static let valueLimit = 1_000
    private static let byteLimit = 32 << 10

    package init(values: Set<String>, files: Set<String>) {
        self.values = values
        self.files = files
    }

    /// Nil where there is no spec, or too much of it.
    ///
    /// - Parameter surroundings: of the manifest, after it was read
    init?(_ document: Node, path: String, _ surroundings: FileSurroundings) {
        guard let spec = document["spec"], case .mapping = spec.content else { return nil }
        var left = Self.byteLimit
        func add(_ text: String) {
            left -= min(text.utf8.count, Self.byteLimit + 1)
            if left >= 0 { values.formUnion(Self.lines(text)) }
        }
        func collect(_ node: Node) {
            guard left >= 0, values.count <= Self.valueLimit else { return }
            switch node.content {
            case .scalar(let text, _): add(text)
            case .sequence(let items): for item in items { collect(item) }
            case .mapping(let entries):
                for entry in entries {
                    guard entry.key == "file", case .scalar(let file, _) = entry.value.content else {
                        collect(entry.value)
                        continue
                    }
                    if let text = surroundings.text(included: file, from: path) {
                        add(text)
                    } else {
                        add(file)
                        files.insert(file)
                    }
                }
            }
        }
        for value in [spec, document["metadata"]?["labels"], document["metadata"]?["annotations"]] {
            if let value { collect(value) }
        }
        guard left >= 0, values.count <= Self.valueLimit else { return nil }
    }

    package static func lines(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map(String.init)
    }

    /// As plain data, for another process.
    var json: JSON {
        [.array(values.sorted().map(JSON.string)), .array(files.sorted().map(JSON.string))]
    }

    /// Reads what `json` gives.
    init?(_ json: JSON) {
        guard let values = json[0]?.array, let files = json[1]?.array else { return nil }
        self.init(values: Set(values.compactMap(\.string)), files: Set(files.compactMap(\.string)))
    }
}
