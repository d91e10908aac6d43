import Spec

/// One change: its line, and the line with its fields.
struct PlanMarkdownEntry {
    let line: String
    /// Nil where there are no fields.
    let open: String?
    /// The difference is longer than a comment should give to one change.
    let isCut: Bool

    /// Longer ones are folded.
    private static let openLines = 15

    /// - Parameter sharedFiles: whose edits are shown once, below the changes
    init(_ change: PlannedChange, isFolded: Bool, sharedFiles: Set<FileEdit>, _ limit: MarkdownLimit) {
        let place = change.action == .delete ? nil : change.place?.description
        let name = change.formerID.map { "\($0) -> \(change.id)" } ?? change.id.description
        let texts = [name, place, change.reason].compactMap { $0 }
        let action = change.action.rawValue
        line = "\n**\(action)** \(texts.map { Markdown.code($0) }.joined(separator: " "))\n"
        let lines = change.fields.flatMap { field in
            change.sharedFile(of: field, among: sharedFiles).map { FieldLines.lines(field, editOf: $0) }
                ?? FieldLines.lines(field)
        }
        guard !lines.isEmpty else {
            open = nil
            isCut = false
            return
        }
        // A quarter for one change; displayed lines grow by their escapes, so they are measured as shown.
        let kept = limit.fitting(lines.map { displayed($0) + "\n" }, in: limit.size / 4).count
        isCut = kept < lines.count
        let block = Markdown.block(lines.prefix(kept) + (isCut ? ["… \(lines.count - kept) more lines"] : []))
        if isFolded || lines.count > Self.openLines {
            let summary = "<b>\(action)</b> " + texts.map { Markdown.htmlCode($0) }.joined(separator: " ")
            open = "\n" + Markdown.folded(summary, block)
        } else {
            open = line + "\n" + block
        }
    }
}
