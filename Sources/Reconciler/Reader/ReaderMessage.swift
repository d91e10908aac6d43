import Spec
import Values

/// What the reading process says, a line each. Every answer ends with `result` or `error`; a catalog comes before its
/// result in pieces, so that neither side holds all of it as text.
enum ReaderMessage {
    /// It is at work, on this.
    case beat(String)
    /// The next line is the resource's manifest in canonical JSON, as it is: its digest is taken of those bytes.
    case resource(ResourceHead)
    case blob(path: String, id: String)
    case diagnostic(Diagnostic)
    case result(JSON)
    case error(any Error)

    var json: JSON {
        switch self {
        case .beat(let what): ["beat": .string(what)]
        case .resource(let head): ["resource": head.json]
        case .blob(let path, let id): ["blob": .array([.string(path), .string(id)])]
        case .diagnostic(let diagnostic): ["diagnostic": diagnostic.json]
        case .result(let result): ["result": result]
        case .error(let error): ["error": ErrorTransfer.json(error)]
        }
    }

    init?(_ json: JSON) {
        guard let member = json.object?.first else { return nil }
        let value = member.value
        switch member.key {
        case "beat":
            guard let what = value.string else { return nil }
            self = .beat(what)
        case "resource":
            guard let head = ResourceHead(value) else { return nil }
            self = .resource(head)
        case "blob":
            guard let path = value[0]?.string, let id = value[1]?.string else { return nil }
            self = .blob(path: path, id: id)
        case "diagnostic":
            guard let diagnostic = Diagnostic(transferred: value) else { return nil }
            self = .diagnostic(diagnostic)
        case "result": self = .result(value)
        case "error":
            guard let error = ErrorTransfer.error(value) else { return nil }
            self = .error(error)
        default: return nil
        }
    }
}

extension Diagnostic {
    /// Reads what `json` gives.
    fileprivate init?(transferred json: JSON) {
        guard let severity = json["severity"]?.string.flatMap(Severity.init(rawValue:)),
            let code = json["code"]?.string.flatMap(DiagnosticCode.init(rawValue:)),
            let message = json["message"]?.string, let path = json["path"]?.string, let line = json["line"]?.int,
            let column = json["column"]?.int
        else { return nil }
        self.init(
            severity, code, message, at: Place(path: path, mark: Mark(line: line, column: column)),
            fix: json["fix"]?.string)
    }
}
