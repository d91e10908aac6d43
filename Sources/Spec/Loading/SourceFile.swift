/// One file of the repository that a load looked at, and what it declares.
package struct SourceFile: Sendable, Hashable {
    package enum Role: String, Sendable, Hashable, CaseIterable {
        case manifest
        /// `writ.yaml`
        case settings
        /// Its text is part of a manifest.
        case included
        /// A link or a submodule, which is told of and not read.
        case unread
    }

    /// Relative to the repository's root.
    package let path: String
    package let role: Role
    /// git's object id of the content, in lower-case hex.
    package let blob: String
    /// Bytes.
    package let size: Int
    /// Of a manifest, in order of identity.
    package var declares: [ResourceID]
    /// Those of them that have mistakes, as they stand.
    package var unsound: [UnsoundManifest]
    /// Files whose text is part of a manifest, in order, whether or not they are there.
    package var includes: [String]
    /// What is wrong with this file alone; what comes of it together with others is not here.
    package var diagnostics: [Diagnostic]
    /// Whether it may declare more than could be made out.
    package var hidesNames: Bool

    package init(
        path: String, role: Role, blob: String, size: Int, declares: [ResourceID] = [],
        unsound: [UnsoundManifest] = [], includes: [String] = [], diagnostics: [Diagnostic] = [],
        hidesNames: Bool = false
    ) {
        self.path = path
        self.role = role
        self.blob = blob
        self.size = size
        self.declares = declares
        self.unsound = unsound
        self.includes = includes
        self.diagnostics = diagnostics
        self.hidesNames = hidesNames
    }

    /// A walk leaves hidden files out, so that their changes are not seen: what includes one is read each time.
    package var includesHidden: Bool {
        includes.contains { $0.split(separator: "/").contains { $0.hasPrefix(".") } }
    }
}

/// Some files of a snapshot, read without the others.
package struct LoadedFiles: Sendable {
    /// In order of their paths; those that are not there, and those that nothing reads, are left out.
    package var files: [SourceFile]
    package var resources: [Resource]
    /// Whether each file was read to its end and has no error of its own.
    package var isSound: Bool

    package init(files: [SourceFile], resources: [Resource], isSound: Bool) {
        self.files = files
        self.resources = resources
        self.isSound = isSound
    }
}
