import GRDB
import Spec
import Values

/// What was in force before a commit said something else of the repository: what that commit itself is judged by, also
/// when it is planned or applied once more (fault C68).
package struct EarlierSettings: Sendable, Hashable {
    /// The last commit that was followed.
    package let commit: String
    /// Nil before the first one.
    package let settings: Settings?

    package init(commit: String, settings: Settings?) {
        self.commit = commit
        self.settings = settings
    }
}

extension StateReader {
    /// What the repository said of itself when it was last looked at and found good; `nil` before that.
    package func repositorySettings() throws(StateError) -> Settings? {
        try read("reading the repository's settings") { db in try db.settings().now }
    }
}

extension Database {
    func settings() throws -> (now: Settings?, earlier: EarlierSettings?) {
        guard let row = try settingsRow().believed else { return (nil, nil) }
        return (
            Self.settings(try row.json()),
            try row.commit.map { EarlierSettings(commit: $0, settings: try row.earlierJSON().map(Self.settings)) }
        )
    }

    private static func settings(_ recorded: JSON) -> Settings {
        // Nothing said is the standard, and most say nothing.
        if recorded == [:] { return .standard }
        if let settings = Settings.read(
            Node(json: recorded), ManifestReading(path: Settings.fileName, source: .recorded))
        {
            return settings
        }
        // What another version wrote and this one cannot read counts as the standard, which is the stricter; where
        // signatures were asked for, nobody's will do; and nothing is deleted.
        return (recorded["verify"] == nil ? Settings.standard : .unreadableSignatures).withoutPruning
    }

    /// - Parameter commit: that says so
    func set(_ settings: Settings, of commit: String) throws {
        let before = try settingsRow().believed
        try record(
            SettingsRow(
                settings: settings.json.canonicalText, commit: commit,
                earlier: before?.commit == commit ? before?.earlier : before?.settings))
    }
}
