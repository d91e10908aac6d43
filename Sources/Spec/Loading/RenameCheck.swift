import Values

/// What `renamedFrom` may not say, whatever is applied: the name of a resource that is still there, or one name twice.
enum RenameCheck {
    /// - Parameters:
    ///   - resources: those that say a former name, in order of identity
    ///   - declared: every name that is declared, and where
    static func diagnostics(of resources: [ResourceOutline], declared: [ResourceID: Place]) -> [Diagnostic] {
        var found: [Diagnostic] = []
        var heirs: [ResourceID: ResourceID] = [:]
        for resource in resources {
            guard let (name, place) = resource.renamedFrom else { continue }
            let former = ResourceID(kind: resource.id.kind, name: name)
            if let still = declared[former] {
                found.append(
                    Diagnostic(
                        .error, .renameConflict,
                        "\(resource.id) cannot be renamed from \(former), which stands at \(still)",
                        at: place, fix: "remove `renamedFrom`, or \(former)"))
            } else if let heir = heirs[former] {
                found.append(
                    Diagnostic(
                        .error, .renameConflict, "\(former) cannot become both \(heir) and \(resource.id)",
                        at: place,
                        fix: "keep `renamedFrom: \(name)` in one of the two"))
            } else {
                heirs[former] = resource.id
            }
        }
        return found
    }
}
