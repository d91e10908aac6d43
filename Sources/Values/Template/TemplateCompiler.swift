import Mustache

/// A stretch of a template.
enum TemplatePiece: Sendable {
    case text(String)
    case mustache(MustacheTemplate)
}

/// Turns tokens into what swift-mustache reads, in pieces.
///
/// Names are rewritten so that `TemplateValue` sees each path at once: `a.b` becomes `a?b`. A section's name ends in
/// `*` and the bytes of plain text in it, so that each repetition can be charged. Neither character is an author's.
///
/// swift-mustache takes the square of a text's length, so a template is cut after line ends outside of sections, and
/// lines without tags do not go through it.
struct TemplateCompiler {
    private let tokens: [TemplateToken]
    private let costs: [Int: Int]
    private var pieces: [TemplatePiece] = []
    private var piece = ""
    private var hasTag = false
    private var depth = 0

    static func pieces(of tokens: [TemplateToken]) throws(TemplateError) -> [TemplatePiece] {
        var compiler = TemplateCompiler(tokens: tokens, costs: sectionCosts(tokens))
        try compiler.compile()
        return compiler.pieces
    }

    private init(tokens: [TemplateToken], costs: [Int: Int]) {
        self.tokens = tokens
        self.costs = costs
    }

    /// The bytes of plain text directly in each section, by the section's place among the tokens. What stands in an
    /// inverted section is rendered at most once, and counts to the section around it.
    private static func sectionCosts(_ tokens: [TemplateToken]) -> [Int: Int] {
        var costs: [Int: Int] = [:]
        var open: [(place: Int, isInverted: Bool)] = []
        for (place, token) in tokens.enumerated() {
            switch token.content {
            case .open(_, let isInverted): open.append((place, isInverted))
            case .close: _ = open.popLast()
            case .text(let text):
                guard let section = open.last(where: { !$0.isInverted }) else { continue }
                costs[section.place, default: 0] += text.utf8.count
            case .value, .comment: break
            }
        }
        return costs
    }

    private mutating func compile() throws(TemplateError) {
        var open: [String] = []
        for (place, token) in tokens.enumerated() {
            switch token.content {
            case .text(let text):
                try add(text)
            case .value(let path):
                add(tag: "&" + (path.names.isEmpty ? "." : path.names.joined(separator: "?")))
            case .comment:
                add(tag: "!")
            case .open(let path, let isInverted):
                let cost = isInverted ? 0 : costs[place] ?? 0
                // A leading dot keeps swift-mustache from looking further out.
                let name = path.names.isEmpty ? ".*\(cost)" : path.names.joined(separator: "?") + "?*\(cost)"
                open.append(name)
                depth += 1
                add(tag: (isInverted ? "^" : "#") + name)
            case .close:
                depth -= 1
                add(tag: "/" + (open.popLast() ?? ""))
            }
        }
        try finish()
    }

    private mutating func add(tag: String) {
        hasTag = true
        piece += "{{" + tag + "}}"
    }

    private mutating func add(_ text: Substring) throws(TemplateError) {
        guard depth == 0 else {
            piece += text
            return
        }
        var rest = text
        // The line of the last tag ends, and then whole lines are plain; the last one may go on with a tag.
        if hasTag, let end = rest.firstIndex(where: Self.endsLine) {
            piece += rest[...end]
            try flush()
            rest = rest[rest.index(after: end)...]
        }
        if !hasTag, let end = rest.lastIndex(where: Self.endsLine) {
            piece += rest[...end]
            try flush()
            rest = rest[rest.index(after: end)...]
        }
        piece += rest
    }

    private static func endsLine(_ character: Character) -> Bool { character == "\n" || character == "\r\n" }

    /// swift-mustache fails on a brace at the very end, so those stand for themselves.
    private mutating func finish() throws(TemplateError) {
        let end = piece.reversed().prefix { $0 == "{" }.count
        piece.removeLast(end)
        try flush()
        if end > 0 { pieces.append(.text(String(repeating: "{", count: end))) }
    }

    private mutating func flush() throws(TemplateError) {
        defer {
            piece = ""
            hasTag = false
        }
        guard hasTag else {
            if !piece.isEmpty { pieces.append(.text(piece)) }
            return
        }
        let braces = piece.utf8.count { $0 == UInt8(ascii: "{") }
        guard braces * piece.utf8.count <= TemplateLimits.parseWork else {
            throw TemplateError(message: "there are too many tags and braces in one section", line: 1, column: 1)
        }
        do {
            pieces.append(.mustache(try MustacheTemplate(string: piece)))
        } catch {
            throw TemplateError(message: "this is not a Mustache template", line: 1, column: 1)
        }
    }
}
