import Values

/// As plain data: for another process, and for what is recorded.
extension SourceFile {
    package var json: JSON {
        var object: [String: JSON] = [
            "path": .string(path), "role": .string(role.rawValue), "blob": .string(blob),
            "size": .number(JSONNumber(size)),
        ]
        if !declares.isEmpty { object["declares"] = declaresJSON }
        if !includes.isEmpty { object["includes"] = .array(includes.map(JSON.string)) }
        if !diagnostics.isEmpty { object["diagnostics"] = .array(diagnostics.map(\.json)) }
        return .object(object)
    }

    /// Kind and name in turn.
    package var declaresJSON: JSON {
        .array(declares.flatMap { [.string($0.kind.rawValue), .string($0.name)] })
    }

    /// Reads what `json` gives.
    package init?(_ json: JSON) {
        guard let path = json["path"]?.string, let role = json["role"]?.string.flatMap(Role.init(rawValue:)),
            let blob = json["blob"]?.string, let size = json["size"]?.int,
            let declares = Self.identities(json["declares"] ?? [])
        else { return nil }
        self.init(
            path: path, role: role, blob: blob, size: size, declares: declares,
            includes: (json["includes"]?.array ?? []).compactMap(\.string),
            diagnostics: (json["diagnostics"]?.array ?? []).compactMap { Diagnostic($0) })
    }

    package static func identities(_ json: JSON) -> [ResourceID]? {
        guard let texts = json.array?.map(\.string), texts.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: texts.count, by: 2).compactMap { place in
            guard let kind = texts[place], let name = texts[place + 1] else { return nil }
            return ResourceID(kind: KindName(rawValue: kind), name: name)
        }
    }
}

extension Diagnostic {
    /// Reads what `json` gives.
    package init?(_ json: JSON) {
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
