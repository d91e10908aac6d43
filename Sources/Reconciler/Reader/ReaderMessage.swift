import Spec
import Values

/// What the reading process says, a line each. Every answer ends with `result` or `error`; a catalog comes before its
/// result in pieces, so that neither side holds all of it as text.
enum ReaderMessage {
    /// It is at work, on this.
    case beat(String)
    /// The next line is where its values begin, and the one after that its manifest in canonical JSON, as it is: its
    /// digest is taken of those bytes.
    case resource(ResourceHead)
    /// What was said of this answer is void: it begins anew.
    case again
    case file(SourceFile)
    case change(SnapshotChange)
    case diagnostic(Diagnostic)
    case result(JSON)
    case error(any Error)

    var json: JSON {
        switch self {
        case .beat(let what): ["beat": .string(what)]
        case .resource(let head): ["resource": head.json]
        case .again: ["again": true]
        case .file(let file): ["file": file.json]
        case .change(let change): ["change": change.json]
        case .diagnostic(let diagnostic): ["diagnostic": diagnostic.json]
        case .result(let result): ["result": result]
        case .error(let error): ["error": ErrorTransfer.json(error)]
        }
    }

    private static let limits: JSONLimits = {
        var limits = JSONLimits(depth: 128, bytes: ReaderLimits.line, nodes: 4_000_000)
        limits.allowsNUL = true
        return limits
    }()

    /// Reads what the canonical bytes of `json` are.
    init?(line: [UInt8]) {
        guard let json = try? JSON(parsing: line, limits: Self.limits) else { return nil }
        self.init(json)
    }

    private init?(_ json: JSON) {
        guard let member = json.object?.first else { return nil }
        let value = member.value
        switch member.key {
        case "beat":
            guard let what = value.string else { return nil }
            self = .beat(what)
        case "resource":
            guard let head = ResourceHead(value) else { return nil }
            self = .resource(head)
        case "again": self = .again
        case "file":
            guard let file = SourceFile(value) else { return nil }
            self = .file(file)
        case "change":
            guard let change = SnapshotChange(transferred: value) else { return nil }
            self = .change(change)
        case "diagnostic":
            guard let diagnostic = Diagnostic(value) else { return nil }
            self = .diagnostic(diagnostic)
        case "result": self = .result(value)
        case "error":
            guard let error = ErrorTransfer.error(value) else { return nil }
            self = .error(error)
        default: return nil
        }
    }
}
