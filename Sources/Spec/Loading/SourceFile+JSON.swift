import Values

/// As plain data, for another process: a list, because there is one for each file of a repository.
extension SourceFile {
    package var json: JSON {
        var list: [JSON] = [
            .string(role.rawValue), .string(path), .string(blob), .number(JSONNumber(size)), declaresJSON,
            .array(includes.map(JSON.string)), .array(diagnostics.map(\.json)),
            .array(unsound.map(\.json)),
        ]
        if hidesNames { list.append(true) }
        // Of most files there is no more to say.
        while list.last?.array?.isEmpty == true { list.removeLast() }
        return .array(list)
    }

    /// Appends the canonical JSON of it, for most files without a value of it: there is one for each file.
    package func appendCanonical(to bytes: inout [UInt8]) {
        guard diagnostics.isEmpty, unsound.isEmpty, !hidesNames else { return json.appendCanonical(to: &bytes) }
        bytes.append(UInt8(ascii: "["))
        for text in [role.rawValue, path, blob] {
            bytes.append(quoted: text)
            bytes.append(UInt8(ascii: ","))
        }
        bytes.append(contentsOf: String(size).utf8)
        if !declares.isEmpty || !includes.isEmpty {
            bytes.append(contentsOf: ",[".utf8)
            for (index, id) in declares.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(quoted: id.kind.rawValue)
                bytes.append(UInt8(ascii: ","))
                bytes.append(quoted: id.name)
            }
            bytes.append(UInt8(ascii: "]"))
        }
        if !includes.isEmpty {
            bytes.append(contentsOf: ",[".utf8)
            for (index, path) in includes.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(quoted: path)
            }
            bytes.append(UInt8(ascii: "]"))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Kind and name in turn.
    package var declaresJSON: JSON {
        .array(declares.flatMap { [.string($0.kind.rawValue), .string($0.name)] })
    }

    /// Reads what `json` gives.
    package init?(_ json: JSON) {
        guard let list = json.array, list.count >= 4, let role = list[0].string.flatMap(Role.init(rawValue:)),
            let path = list[1].string, let blob = list[2].string, let size = list[3].int,
            let declares = Self.identities(json[4] ?? [])
        else { return nil }
        self.init(
            path: path, role: role, blob: blob, size: size, declares: declares,
            unsound: (json[7]?.array ?? []).compactMap { UnsoundManifest($0) },
            includes: (json[5]?.array ?? []).compactMap(\.string),
            diagnostics: (json[6]?.array ?? []).compactMap { Diagnostic($0) }, hidesNames: json[8] == true)
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
