import Values

extension Duration: SpecText {
    package static var textShape: TextShape {
        TextShape(
            "a duration such as 30s, 5m, 1h30m or 7d",
            pattern: "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$", maximumLength: 40)
    }

    package init(manifestText text: String) throws {
        guard let value = Duration(manifest: text) else {
            throw SpecTextError("\(quoted(text)) is not a duration", fix: "write it as 30s, 5m, 1h30m or 7d")
        }
        self = value
    }
}

extension CronExpression: SpecText {
    package static var textShape: TextShape {
        TextShape(
            "a cron expression of five fields, such as `0 9 * * mon-fri`",
            pattern: #"^\s*(@[A-Za-z]+|[^@\s]\S*(\s+\S+){4})\s*$"#, maximumLength: 256)
    }

    package init(manifestText text: String) throws {
        do {
            self = try CronExpression(text)
        } catch {
            throw SpecTextError(error.message)
        }
    }

    package var manifestText: String { text }
}

/// The name of an IANA time zone that this machine knows.
package struct TimeZoneName: SpecValue, Hashable, ExpressibleByStringLiteral {
    package let identifier: String

    package init(stringLiteral value: String) {
        identifier = value
    }

    package static var shape: Shape {
        .text(
            TextShape(
                "an IANA time zone such as Europe/Berlin", pattern: "^[A-Za-z][A-Za-z0-9_+/-]*$", maximumLength: 64))
    }

    package static func read(_ node: Node, _ reading: ManifestReading) -> TimeZoneName? {
        guard let text = reading.text(node, what: "a time zone") else { return nil }
        if case .repository(let surroundings) = reading.source {
            do {
                try surroundings.checkZone(text)
            } catch {
                reading.report(.badValue, error.message, node, fix: "use an IANA name such as Europe/Berlin")
                return nil
            }
        }
        return TimeZoneName(stringLiteral: text)
    }

    package var json: JSON { .string(identifier) }
}
