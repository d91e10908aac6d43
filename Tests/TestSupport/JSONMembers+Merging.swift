import Values

extension JSONMembers {
    /// With the members of `others` in the place of its own.
    package func merging(_ others: JSONMembers) -> JSONMembers {
        var merged = self
        for (key, value) in others { merged[key] = value }
        return merged
    }
}
