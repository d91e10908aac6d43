import Spec
import Values

extension PlannedChange {
    /// The included file whose edit the field is, where that edit is shown once for all that include it.
    func sharedFile(of field: FieldChange, among edits: Set<FileEdit>) -> String? {
        guard !edits.isEmpty, field.before != nil, field.pointer.tokens.last == "text" else { return nil }
        let parent = JSONPointer(Array(field.pointer.tokens.dropLast()))
        guard let file = after?.manifest.value(at: parent)?["file"]?.string else { return nil }
        let former = before?.manifest.value(at: parent)?["file"]?.string
        return edits.contains(FileEdit(path: file, former: former ?? file)) ? file : nil
    }
}
