/// Writes metrics in Prometheus's text format 0.0.4.
package enum PrometheusText {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Families of one name become one group, as the format asks for; families without samples are left out.
    package static func write(_ families: [MetricFamily]) -> String {
        var names: [String] = []
        var groups: [String: [MetricFamily]] = [:]
        for family in families where !family.samples.isEmpty {
            if groups[family.name] == nil { names.append(family.name) }
            groups[family.name, default: []].append(family)
        }
        var text = ""
        for name in names {
            guard let group = groups[name], let first = group.first else { continue }
            text += "# HELP \(name) \(escape(first.help, quotes: false))\n"
            text += "# TYPE \(name) \(first.kind.rawValue)\n"
            for sample in group.flatMap(\.samples) {
                text += name + labels(sample.labels) + " " + number(sample.value) + "\n"
            }
        }
        return text
    }

    private static func labels(_ labels: [MetricFamily.Label]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escape($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
