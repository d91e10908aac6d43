import Spec
import Values

/// How much of what is gone is found again in manifests with mistakes. What cannot be compared may be it.
struct ReadableLikeness {
    private var values: Set<String> = []
    /// Lines of its texts that stand in files of their own.
    private var included: Set<String> = []
    /// Names of those files.
    private var files: Set<String> = []

    /// How much of the one that says less must be in the other, too: less than of sound manifests, and of one alone, because
    /// a mistake hides some of it and adds what was not there.
    private static let threshold = 0.5
    /// With fewer values either says too little.
    private static let least = 3

    init(of resource: Resource) {
        if let spec = resource.manifest["spec"] { collect(spec) }
        for part in ["labels", "annotations"] {
            if let value = resource.manifest["metadata"]?[part] { collect(value) }
        }
    }

    private mutating func collect(_ value: JSON) {
        switch value {
        case .object(let members):
            if members.count == 2, let file = members["file"]?.string, let text = members["text"]?.string {
                files.insert(Self.name(of: file))
                included.formUnion(ReadableContent.lines(text))
            } else {
                for (_, member) in members { collect(member) }
            }
        case .array(let items): for item in items { collect(item) }
        case .string(let text): values.formUnion(ReadableContent.lines(text))
        default: values.insert(value.canonicalText)
        }
    }

    private static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    func mayBecome(_ content: ReadableContent?) -> Bool {
        guard let content else { return true }
        if content.files.contains(where: { files.contains(Self.name(of: $0)) }) { return true }
        // Another file may say the same.
        let own = content.files.isEmpty ? values.union(included) : values
        guard own.count >= Self.least, content.values.count >= Self.least else { return true }
        let least = min(Self.weight(own), Self.weight(content.values))
        return Double(Self.weight(own.intersection(content.values))) >= Self.threshold * Double(least)
    }

    /// By what there is to read, so that prose says more than a usual number.
    private static func weight(_ values: Set<String>) -> Int {
        values.reduce(0) { $0 + 4 + min($1.utf8.count, 200) }
    }
}
