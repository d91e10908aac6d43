import Spec

/// Writes what created resources say, but for their titles.
struct CreationWriter: Sendable {
    /// Shapes of specs in which something must not be shown.
    private let hiding: [KindName: Shape]
    private var created = CreationLines()

    /// All kinds have to be known for it, which takes longer than a plan without changes.
    init() {
        hiding = Dictionary(
            uniqueKeysWithValues: KindCatalog.all.filter { $0.shape.hidesParts }.map { ($0.kindName, $0.shape) })
    }

    /// False, and nothing is written, where that takes the fields one by one.
    mutating func write(_ resource: Resource, to lines: inout LineBuffer) -> Bool {
        let manifest = resource.canonicalBytes
        guard created.read(manifest, hiding[resource.id.kind]) else { return false }
        let width = min(40, created.width)
        for line in created.lines {
            lines.begin("      + ", created.labels[line.label], width: width)
            if line.isSensitive {
                lines.end("(sensitive)")
            } else if !lines.end(manifest[line.value], limit: PlanText.valueLimit, shown: PlanText.valueShown) {
                lines.end(PlanText.shown(String(decoding: manifest[line.value], as: UTF8.self)))
            }
        }
        return true
    }
}
