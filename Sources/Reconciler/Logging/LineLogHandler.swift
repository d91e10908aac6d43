import Apply
import Logging
import Values

/// Writes each record as one line, whatever is in it (fault G138).
struct LineLogHandler: LogHandler {
    /// Of one value: what is longer is cut.
    private static let valueLimit = 4_096
    /// Of one list.
    private static let listLimit = 100

    private let label: String
    private let format: LogFormat
    private let paint: Paint
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, format: LogFormat, isColored: Bool, level: Logger.Level) {
        self.label = label
        self.format = format
        self.paint = Paint(isOn: isColored)
        self.logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { _, own in own }
        let message = Self.cut(event.message.description)
        switch format {
        case .json: Terminal.talk(json(event.level, message, fields))
        case .text: Terminal.talk(text(event.level, message, fields.mapValues { Self.cut("\($0)") }))
        }
    }

    private func json(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) -> String {
        var object = JSONMembers(fields, Self.json)
        object["time"] = .string(SystemTime.now().rfc3339)
        object["level"] = .string(level.rawValue)
        object["logger"] = .string(label)
        object["message"] = .string(message)
        return JSON.object(object).canonicalText
    }

    private func text(_ level: Logger.Level, _ message: String, _ fields: [String: String]) -> String {
        let color: Paint.Color = level >= .error ? .red : level == .warning ? .yellow : .dim
        let name = level.rawValue.uppercased()
        let padded = name + String(repeating: " ", count: max(0, 7 - name.count))
        let details = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted($0.value))" }.joined()
        return
            "\(paint(.dim, SystemTime.now().rfc3339)) \(paint(color, padded)) \(displayed(message))\(paint(.dim, details))"
    }

    /// Whole numbers and lists stay what they are; everything else is text.
    static func json(_ value: Logger.Metadata.Value) -> JSON {
        switch value {
        case .string(let text): return .string(cut(text))
        case .stringConvertible(let value):
            let number = (value as? any BinaryInteger).flatMap { Int(exactly: $0) }
            return number.map { .number(JSONNumber($0)) } ?? .string(cut("\(value)"))
        case .array(let values): return .array(values.prefix(listLimit).map(json))
        case .dictionary(let values): return .object(JSONMembers(values, json))
        }
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
        return isPlain ? value : JSON.string(value).canonicalText
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > valueLimit else { return text }
        return String(text.unicodeScalars.prefix(valueLimit)) + "… (cut)"
    }
}
