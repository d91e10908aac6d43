import Values

extension ObjectShape {
    /// Whether this version does not act on a mapping as a whole: not on the alternative that it chose, or not on a
    /// choice that it had to make.
    package func isInactive(_ value: JSON) -> Bool {
        fields.contains { field in
            guard let value = value[field.name], field.isRequired || isAlternative(field.name) else { return false }
            if field.marks.isInactive { return true }
            if let choice = value.string { return field.marks.inactiveChoices.contains(choice) }
            guard case .object(let inner) = field.shape else { return false }
            return inner.isInactive(value)
        }
    }

    private func isAlternative(_ name: String) -> Bool {
        constraints.contains { constraint in
            guard case .exactlyOne(let names) = constraint else { return false }
            return names.contains(name)
        }
    }
}
