import Spec
import Values

extension PlannedChange {
    /// The included file whose edit the field is, where that edit is shown once for all that include it.
    func sharedFile(of field: FieldChange, among files: Set<String>) -> String? {
        guard !files.isEmpty, field.before != nil, field.pointer.tokens.last == "text" else { return nil }
        let parent = JSONPointer(Array(field.pointer.tokens.dropLast()))
        let file = after?.manifest.value(at: parent)?["file"]?.string
        return file.flatMap { files.contains($0) ? $0 : nil }
    }
}
