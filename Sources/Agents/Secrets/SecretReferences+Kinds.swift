import Spec

extension Provider {
    /// Every secret that a call to it uses.
    var secretReferences: [SecretReference] {
        [apiKey].compactMap(\.self) + headers.values.compactMap(\.secretReference)
    }
}

extension Tool {
    /// Every secret that a call of it uses.
    var secretReferences: [SecretReference] {
        guard let http else { return [] }
        let auth = [http.auth?.bearer, http.auth?.basic?.password, http.auth?.header?.value].compactMap(\.self)
        return auth + http.headers.values.compactMap(\.secretReference)
    }
}

extension OrSecret {
    fileprivate var secretReference: SecretReference? {
        if case .secret(let reference) = self { reference } else { nil }
    }
}
