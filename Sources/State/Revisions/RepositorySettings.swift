import GRDB
import Spec
import Values

extension StateReader {
    /// What the repository said of itself when it was last looked at and found good; `nil` before that.
    package func repositorySettings() throws(StateError) -> Settings? {
        try read("reading the repository's settings") { db in try db.settings() }
    }
}

extension Database {
    func settings() throws -> Settings? {
        let recorded: JSON? = try value("SELECT settings FROM repository_settings")
        guard let recorded else { return nil }
        if let settings = Settings.read(
            Node(json: recorded), ManifestReading(path: Settings.fileName, source: .recorded))
        {
            return settings
        }
        // What another version wrote and this one cannot read counts as the standard, which is the stricter; where
        // signatures were asked for, nobody's will do; and nothing is deleted.
        return (recorded["verify"] == nil ? Settings.standard : .unreadableSignatures).withoutPruning
    }

    func set(_ settings: Settings) throws {
        try run(
            """
            INSERT INTO repository_settings (one, settings) VALUES (1, :settings)
            ON CONFLICT (one) DO UPDATE SET settings = excluded.settings
            """, ["settings": settings.json])
    }
}
