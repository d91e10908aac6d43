import Values

/// The way to a field: for programs, and as a person would say it.
struct FieldPath {
    let pointer: JSONPointer
    /// `spec.tools[publish].approval`: items of a list by their names where they have them.
    let label: String

    func member(_ key: String) -> FieldPath {
        FieldPath(pointer: pointer.appending(key), label: "\(label).\(key)")
    }

    func item(_ index: Int, named name: String? = nil) -> FieldPath {
        FieldPath(pointer: pointer.appending(index), label: name.map { "\(label)[\($0)]" } ?? "\(label).\(index)")
    }

    /// The order of a list's items.
    var order: FieldPath { FieldPath(pointer: pointer, label: "\(label) (order)") }
}
