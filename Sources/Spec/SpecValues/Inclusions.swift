import Values

/// A file of the repository whose content is part of the resource. In canonical JSON it carries its text, so that a
/// changed file is a changed resource.
package struct IncludedFile: Sendable, Hashable {
    /// From the repository's root.
    package let path: String
    package let text: String

    /// By which a manifest's shape tells where one may stand.
    static let shapeName = "IncludedFile"

    static let shape = Shape.object(
        ObjectShape(
            name: shapeName, summary: "A file of the repository.",
            fields: [
                FieldDescription(
                    name: "file", summary: "Path relative to this manifest, inside the repository.",
                    shape: .text(TextShape("a path relative to this manifest", maximumLength: 512)),
                    isRequired: true, defaultValue: nil, marks: .plain)
            ]))

    var json: JSON { .object(["file": .string(path), "text": .string(text)]) }

    /// Reads `{file: path}`, or what `json` wrote.
    static func read(_ node: Node, _ reading: ManifestReading) -> IncludedFile? {
        guard case .mapping(let entries) = node.content else {
            reading.report(.wrongType, "expected {file: path}, found \(node.typeName)", node)
            return nil
        }
        guard case .repository = reading.source else {
            guard let path = node["file"]?.scalarText, let text = node["text"]?.scalarText else { return nil }
            return IncludedFile(path: path, text: text)
        }
        for entry in entries where entry.key != "file" {
            reading.report(
                .unknownField, "unknown field \(quoted(entry.key))", at: entry.keyMark, fix: "write {file: path}")
            return nil
        }
        guard let file = node["file"] else {
            reading.report(.missingField, "field `file` is missing", node, fix: "write {file: path}")
            return nil
        }
        return reading.descend("file", file) { read(path: file, reading) }
    }

    /// Writes `{file: path}` with the file's text; nil where somebody has to look closely.
    static func write(_ node: Int, _ reading: inout PlainReading) -> PlainInclusion? {
        let key = node + 1
        guard let file = reading.child("file", of: node), file == key + 1,
            reading.yaml.nodes[file].next == reading.yaml.nodes[node].next
        else { return nil }
        let outer = reading.enter(key: key, file)
        guard reading.isText(file), let inclusion = reading.include(file) else { return nil }
        reading.leave(outer)
        reading.output.append(inclusion.canonical)
        return inclusion
    }

    /// Fetches the file that a scalar names, relative to the manifest.
    static func read(path node: Node, _ reading: ManifestReading) -> IncludedFile? {
        guard case .repository(let surroundings) = reading.source else { return nil }
        guard let text = reading.text(node, what: "a path") else { return nil }
        guard let path = RepositoryFile.resolve(text, from: reading.path) else {
            reading.report(
                .includeOutside, "\(quoted(text)) does not stay inside the repository", node,
                fix: "name a file of the repository, relative to this manifest")
            return nil
        }
        switch surroundings.include(path) {
        case .text(let text):
            for warning in BidirectionalControls.warnings(in: text, path: path) { reading.report(warning) }
            return IncludedFile(path: path, text: text)
        case .missing:
            reading.report(
                .includeMissing, "there is no file \(quoted(path))", node,
                fix:
                    "paths are relative to the manifest, here \(RepositoryFile.directory(of: reading.path).isEmpty ? "the root" : RepositoryFile.directory(of: reading.path))"
            )
        case .refused(let code, let reason):
            reading.report(code, "\(quoted(path)) \(reason)", node)
        }
        return nil
    }
}

extension Node {
    var scalarText: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }
}

/// Paths inside a repository, always with `/` and relative to its root.
enum RepositoryFile {
    static func directory(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        return String(path[..<slash])
    }

    /// The same of a path as it is mostly written, `../texts/one.md`; nil for others, too.
    static func resolvePlain(_ text: UnsafeBufferPointer<UInt8>, from origin: String) -> String? {
        let (dot, slash) = (UInt8(ascii: "."), UInt8(ascii: "/"))
        var rest = text[...]
        var kept = origin.utf8[...]
        // The file's own name, and a directory for each step up.
        while true {
            guard let end = kept.lastIndex(of: slash) else {
                kept = kept[kept.startIndex..<kept.startIndex]
                break
            }
            kept = kept[..<end]
            guard rest.count > 3, rest.prefix(3).elementsEqual([dot, dot, slash]) else { break }
            rest = rest.dropFirst(3)
        }
        var last = slash
        for byte in rest {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
                break
            // Not at the beginning of a name, where more is to be known of it.
            case dot, slash: if last == slash { return nil }
            default: return nil
            }
            last = byte
        }
        // Hidden directories around the manifest are left to the closer look.
        guard last != slash, kept.first != dot, !kept.split(separator: slash).contains(where: { $0.first == dot })
        else {
            return nil
        }
        if kept.isEmpty { return String(decoding: rest, as: UTF8.self) }
        return "\(Substring(kept))/\(String(decoding: rest, as: UTF8.self))"
    }

    /// `text` as seen from the file `origin`; nil for what is absolute, leaves the repository or hides in `.git`
    /// (fault B48).
    static func resolve(_ text: String, from origin: String) -> String? {
        let bytes = text.utf8
        let isAddress = bytes.contains(UInt8(ascii: ":")) && text.contains("://")
        let isAbsolute = bytes.first == UInt8(ascii: "/") || isAddress || bytes.contains(UInt8(ascii: "\\"))
        guard !text.isEmpty, !isAbsolute, !bytes.contains(0) else { return nil }
        let slash = UInt8(ascii: "/")
        var names = directory(of: origin).utf8.split(separator: slash).map { Substring($0) }
        for part in bytes.split(separator: slash).map({ Substring($0) }) {
            switch part {
            case ".": continue
            case "..": if names.popLast() == nil { return nil }
            default: names.append(part)
            }
        }
        let isHidden = { (name: Substring) in name.utf8.first == UInt8(ascii: ".") && name.lowercased() == ".git" }
        guard !names.isEmpty, !names.contains(where: isHidden) else { return nil }
        return names.joined(separator: "/")
    }
}
