/// Reads a template's tags before swift-mustache does, and refuses what Writ's templates do not have.
///
/// It walks `Character`s as swift-mustache does: in scalars or bytes the two could disagree on where a tag begins.
struct TemplateScanner {
    private let text: String
    private var position: String.Index
    private var tokens: [TemplateToken] = []
    private var open: [TemplateToken] = []

    private init(_ text: String) {
        self.text = text
        self.position = text.startIndex
    }

    static func tokens(of text: String) throws(TemplateError) -> [TemplateToken] {
        guard text.utf8.count <= TemplateLimits.source else {
            throw TemplateError(
                "the template is longer than \(TemplateLimits.source >> 10) KiB", at: TextPlace(of: 0, in: text.utf8))
        }
        var scanner = TemplateScanner(text)
        try scanner.scan()
        return scanner.tokens
    }

    private mutating func scan() throws(TemplateError) {
        var start = position
        var next = skipText()
        while let braces = next {
            guard text.utf8[position] == UInt8(ascii: "{"), text[position...].hasPrefix(characters: "{{") else {
                position = text.index(after: position)
                if position > braces { next = skipText() }
                continue
            }
            add(text: start)
            try tag()
            start = position
            next = skipText()
        }
        position = text.endIndex
        add(text: start)
        if let section = open.last {
            throw error("this section has no closing tag", at: section.place)
        }
    }

    /// Where two braces stand next, as bytes: they are no tag where more than a brace is in one of the characters. The
    /// position moves to the beginning of their line, because no character spans the end of one.
    private mutating func skipText() -> String.Index? {
        let bytes = text.utf8
        var last: String.Index?
        var index = position
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\n"): last = index
            case UInt8(ascii: "{"):
                let second = bytes.index(after: index)
                if second < bytes.endIndex, bytes[second] == UInt8(ascii: "{") {
                    if let last { position = bytes.index(after: last) }
                    return index
                }
            default: break
            }
            index = bytes.index(after: index)
        }
        return nil
    }

    private mutating func add(text start: String.Index) {
        guard start < position else { return }
        tokens.append(TemplateToken(content: .text(text[start..<position]), place: start))
    }

    private mutating func tag() throws(TemplateError) {
        let place = position
        position = text.index(position, offsetBy: 2)
        guard position < text.endIndex else { throw error("this tag is not closed with `}}`", at: place) }
        switch text[position] {
        case ">": throw error("partials `{{> }}` are not supported", at: place)
        case "%": throw error("pragmas `{{% }}` are not supported", at: place)
        case "$", "<": throw error("template inheritance `{{$ }}`, `{{< }}` is not supported", at: place)
        case "=": throw error("changing the delimiters with `{{= =}}` is not supported", at: place)
        case "!":
            _ = try content(until: "}}", from: place)
            tokens.append(TemplateToken(content: .comment, place: place))
        case "{": try value(until: "}}}", skipping: 1, place)
        case "&": try value(until: "}}", skipping: 1, place)
        case "#": try section(isInverted: false, place)
        case "^": try section(isInverted: true, place)
        case "/": try close(place)
        default: try value(until: "}}", skipping: 0, place)
        }
    }

    private mutating func value(until end: String, skipping count: Int, _ place: String.Index) throws(TemplateError) {
        let path = try path(content(until: end, from: place).dropFirst(count), place)
        tokens.append(TemplateToken(content: .value(path), place: place))
    }

    private mutating func section(isInverted: Bool, _ place: String.Index) throws(TemplateError) {
        let path = try path(content(until: "}}", from: place).dropFirst(), place)
        guard open.count < TemplateLimits.depth else {
            throw error("sections are nested more than \(TemplateLimits.depth) deep", at: place)
        }
        let token = TemplateToken(content: .open(path, isInverted: isInverted), place: place)
        open.append(token)
        tokens.append(token)
    }

    private mutating func close(_ place: String.Index) throws(TemplateError) {
        let path = try path(content(until: "}}", from: place).dropFirst(), place)
        guard case .open(let opened, _)? = open.popLast()?.content else {
            throw error("`{{/\(path.text)}}` closes no section", at: place)
        }
        guard opened == path else {
            throw error("`{{/\(path.text)}}` stands where `{{/\(opened.text)}}` is expected", at: place)
        }
        tokens.append(TemplateToken(content: .close(path), place: place))
    }

    /// What stands between the position and `end`; the position moves behind it.
    private mutating func content(until end: String, from place: String.Index) throws(TemplateError) -> Substring {
        let start = position
        while position < text.endIndex {
            if text.utf8[position] == UInt8(ascii: "}"), text[position...].hasPrefix(characters: end) {
                let content = text[start..<position]
                position = text.index(position, offsetBy: end.count)
                return content
            }
            position = text.index(after: position)
        }
        throw error("this tag is not closed with `\(end)`", at: place)
    }

    private func path(_ content: Substring, _ place: String.Index) throws(TemplateError) -> TemplatePath {
        let name = content.trimmingSpace
        guard !name.contains("(") else {
            throw error("functions such as `{{name(value)}}` are not supported", at: place)
        }
        guard let path = TemplatePath(name) else {
            throw error(
                "a tag holds a name of letters, digits, `_` and `-`, with dots between steps, as in `payload.commits.0.id`",
                at: place)
        }
        return path
    }

    private func error(_ message: String, at index: String.Index) -> TemplateError {
        let offset = text.utf8.distance(from: text.startIndex, to: index)
        return TemplateError(message, at: TextPlace(of: offset, in: text.utf8))
    }
}

extension Substring {
    /// As `hasPrefix`, but each `Character` for itself.
    fileprivate func hasPrefix(characters: String) -> Bool {
        starts(with: characters)
    }

    fileprivate var trimmingSpace: Substring {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...last]
    }
}
