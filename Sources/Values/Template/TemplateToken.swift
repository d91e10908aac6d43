/// A piece of a template's text.
struct TemplateToken {
    enum Content: Equatable {
        case text(Substring)
        case value(TemplatePath)
        case open(TemplatePath, isInverted: Bool)
        case close(TemplatePath)
        case comment
    }

    let content: Content
    let place: String.Index
}

/// What stands in a tag: names with dots between them, or a single dot for the value at hand.
struct TemplatePath: Equatable {
    let names: [String]

    init?(_ text: Substring) {
        if text == "." {
            self.names = []
            return
        }
        let names = text.split(separator: ".", omittingEmptySubsequences: false)
        guard names.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.allSatisfy(Self.isAllowed) }) else { return nil }
        self.names = names.map(String.init)
    }

    /// As the author wrote it.
    var text: String { names.isEmpty ? "." : names.joined(separator: ".") }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }
}
