/// Bounds on templates. A payload comes from outside, and sections over its lists multiply.
enum TemplateLimits {
    /// Bytes of a template.
    static let source = 256 << 10
    /// Sections inside each other. swift-mustache recurses for each and overflows the stack in the end.
    static let depth = 32
    /// Braces times characters of what is parsed in one go: swift-mustache counts to the end of it for each tag.
    static let parseWork = 1 << 30
    /// Bytes of a rendered text.
    static let output = 1 << 20
    /// Names looked up and list elements visited in one rendering.
    static let steps = 200_000
}

/// What is left for one rendering. When it is spent, values go silent, lists end, and the rendering is refused.
final class TemplateBudget {
    private var bytes = TemplateLimits.output
    private var steps = TemplateLimits.steps
    private(set) var isSpent = false

    func spend(bytes count: Int) {
        bytes = max(bytes - max(count, 0), -1)
        if bytes < 0 { isSpent = true }
    }

    func spendStep() {
        steps -= 1
        if steps <= 0 { isSpent = true }
    }

    var error: TemplateError {
        let message =
            steps <= 0
            ? "rendering takes more than \(TemplateLimits.steps) steps; repeat less"
            : "the rendered text is longer than \(TemplateLimits.output >> 20) MiB; put in less of the event"
        return TemplateError(message: message, line: 1, column: 1)
    }
}
