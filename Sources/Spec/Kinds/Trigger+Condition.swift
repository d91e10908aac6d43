import Values

extension Trigger {
    /// One condition on an event: a path into the object that templates see, and what must be there.
    package struct Condition: SpecObject, Hashable {
        package let path: String
        package let equals: FreeJSON?
        package let `in`: [FreeJSON]?
        package let matches: Pattern?
        package let exists: Bool?

        package static let schema = Schema<Condition>(
            "A condition on the event.",
            Field("path", \.path, "Where to look, dotted: payload.pull_request.base.ref."),
            Field("equals", optional: \.equals, "The value that must be there."),
            Field("in", optional: \.in, "The values of which one must be there."),
            Field("matches", optional: \.matches, "A regular expression (PCRE2) that must be found in the text there."),
            Field("exists", optional: \.exists, "Whether anything must be there at all."),
            constraints: [.exactlyOne(["equals", "in", "matches", "exists"])],
            rules: [Rule(unless: Condition.pathSurelyBeginsInEvent, Condition.pathBeginsInEvent)],
            make: Condition.init)

        private static func pathSurelyBeginsInEvent(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
            guard let path = reading.child("path", of: node), reading.yaml.nodes[path].isScalar else { return false }
            let text = reading.text(of: path)
            // A mark behind a dot makes another character of it.
            return text.allSatisfy { $0 < 0x80 } && EventRoots.areNamed(by: text.prefix { $0 != UInt8(ascii: ".") })
        }

        private static func pathBeginsInEvent(
            _ condition: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let path = condition["path"]?.string else { return [] }
            let place = Place(path: reading.path, mark: node["path"]?.mark ?? node.mark)
            let root = path.prefix { $0 != "." }
            guard !root.isEmpty else {
                return [
                    Diagnostic(
                        .error, .badValue, "a path begins with a name", at: place,
                        fix: "known: \(EventRoots.event.joined(separator: ", "))")
                ]
            }
            guard !EventRoots.event.contains(String(root)) else { return [] }
            return [EventRoots.warning(of: root, among: EventRoots.event, at: place)]
        }
    }
}

extension Pattern: SpecText {
    package static var textShape: TextShape { TextShape("a regular expression", maximumLength: patternLimit) }

    package init(manifestText text: String) throws {
        do {
            self = try Pattern(text)
        } catch {
            throw SpecTextError(error.message)
        }
    }

    package static var plainWriter: PlainWriter {
        { node, reading in
            guard reading.isText(node),
                (try? Pattern(String(decoding: reading.text(of: node), as: UTF8.self))) != nil
            else { return false }
            return reading.write(text: node)
        }
    }

    package var manifestText: String { text }
}
