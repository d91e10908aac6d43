import Values

/// What the files of one snapshot say beside their resources.
package struct LoadedSummary: Sendable {
    /// Every file that was looked at, in order of their paths.
    package let files: [SourceFile]
    /// In order of place.
    package let diagnostics: [Diagnostic]
    /// What `writ.yaml` says.
    package let settings: Settings
    /// Where it says so.
    package let settingsPlaces: Places
}

/// What the files of one snapshot say, as plain data.
package struct LoadedCatalog: Sendable {
    /// The resources that are sound; all of them where `diagnostics` holds no error.
    package var catalog: Catalog
    /// Every file that was looked at, in order of their paths.
    package var files: [SourceFile]
    /// In order of place.
    package var diagnostics: [Diagnostic]
    /// What `writ.yaml` says.
    package var settings: Settings
    /// Where it says so.
    package var settingsPlaces: Places

    package init(
        catalog: Catalog, files: [SourceFile], diagnostics: [Diagnostic], settings: Settings = .standard,
        settingsPlaces: Places = .none
    ) {
        self.catalog = catalog
        self.files = files
        self.diagnostics = diagnostics
        self.settings = settings
        self.settingsPlaces = settingsPlaces
    }

    package var isValid: Bool { !diagnostics.hasErrors }

    package var manifestFiles: Int { files.count { $0.role == .manifest } }
}
