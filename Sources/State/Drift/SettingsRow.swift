import GRDB
import Spec
import Values

/// What is recorded of the repository's settings. It stands twice, once with its digest, so that what somebody altered in
/// one place is known from the other.
struct SettingsRow: Hashable {
    /// In canonical JSON.
    let settings: String
    /// The commit that says so.
    let commit: String?
    /// What was in force for that commit.
    let earlier: String?

    /// What the state notes where somebody altered or removed the row, and the one with the digest.
    fileprivate static let note = "settings"
    fileprivate static let copyNote = "settings copy"

    init(settings: String, commit: String?, earlier: String?) {
        self.settings = settings
        self.commit = commit
        self.earlier = earlier
    }

    fileprivate init(row: Row) throws {
        settings = try row.get("settings")
        commit = try row.find("commit_id")
        earlier = try row.find("earlier")
    }

    /// Of all three.
    fileprivate var digest: Digest { Digest(of: [settings, commit ?? "", earlier ?? ""].joined(separator: "\n").utf8) }

    func json() throws -> JSON { try Self.json(settings) }

    func earlierJSON() throws -> JSON? { try earlier.map(Self.json) }

    private static func json(_ text: String) throws -> JSON {
        guard let json = JSON(stored: text) else {
            throw StateError(
                .damaged, "the recorded settings of the repository cannot be read: restore the state from a backup")
        }
        return json
    }

    /// Where neither place is as it was recorded: nothing is deleted, and where signatures were asked for, nobody's will
    /// do.
    fileprivate static func strictest(of rows: [SettingsRow]) -> SettingsRow {
        let asksForSignatures = rows.contains { JSON(stored: $0.settings)?["verify"] != nil }
        let settings: Settings = asksForSignatures ? .unreadableSignatures : .standard
        return SettingsRow(settings: settings.withoutPruning.json.canonicalText, commit: nil, earlier: nil)
    }

    /// What the two places come to.
    struct Reading {
        /// Nil before the first commit that was followed.
        let believed: SettingsRow?
        /// What is recorded instead, nil where it is gone; meaningless unless `isAltered`.
        let recorded: SettingsRow?
        let isAltered: Bool
        /// Whether what is believed is what was recorded.
        let isKnown: Bool

        var isLost: Bool { isAltered && !isKnown }
    }
}

/// Settings of the repository that were altered behind Writ's back.
package struct AlteredSettings: Sendable, Hashable {
    /// As they are recorded; nil where they are gone.
    package let recorded: JSON?
    /// As they were; nil where nothing tells that any more.
    package let known: JSON?
}

extension StateReader {
    /// Nil where the settings are as they were recorded.
    package func alteredSettings() throws(StateError) -> AlteredSettings? {
        try read("looking for what was altered") { db in
            let reading = try db.settingsRow()
            guard reading.isAltered else { return nil }
            return AlteredSettings(
                recorded: reading.recorded.flatMap { JSON(stored: $0.settings) },
                known: reading.isKnown ? try reading.believed?.json() : nil)
        }
    }
}

extension Database {
    func settingsRow() throws -> SettingsRow.Reading {
        let row = try row("SELECT settings, commit_id, earlier FROM repository_settings").map(SettingsRow.init(row:))
        guard let copyRow = try self.row("SELECT settings, commit_id, earlier, digest FROM settings_copy") else {
            // What an earlier version recorded has no copy, and of that nobody noted that it went.
            let isRemoved = try isNoted(SettingsRow.copyNote)
            let isKnown = try !isRemoved || !isNoted(SettingsRow.note)
            return SettingsRow.Reading(
                believed: isKnown ? row : .strictest(of: [row].compactMap(\.self)), recorded: row,
                isAltered: isRemoved, isKnown: isKnown)
        }
        let copy = try SettingsRow(row: copyRow)
        let digest: String = try copyRow.get("digest")
        let isSound = copy == row && copy.digest.text == digest
        let known = [copy, row].compactMap(\.self).first { $0.digest.text == digest }
        return SettingsRow.Reading(
            believed: known ?? .strictest(of: [copy, row].compactMap(\.self)), recorded: row, isAltered: !isSound,
            isKnown: known != nil)
    }

    private func isNoted(_ alteration: String) throws -> Bool {
        try value("SELECT EXISTS (SELECT 1 FROM alteration WHERE digest = :digest)", ["digest": alteration]) ?? false
    }

    /// Notes once more that nothing tells what the settings were, where the notes alone tell that.
    func noteLostSettings() throws {
        for note in [SettingsRow.note, SettingsRow.copyNote] {
            try run("INSERT INTO alteration (digest) VALUES (:digest)", ["digest": note])
        }
    }

    /// In both places.
    func record(_ row: SettingsRow) throws {
        // The triggers do not tell who it is that writes.
        let before: Int = try value("SELECT max(seq) FROM alteration") ?? 0
        let arguments: Arguments = [
            "settings": row.settings, "commit": row.commit, "earlier": row.earlier, "digest": row.digest,
        ]
        try run(
            """
            INSERT INTO repository_settings (one, settings, commit_id, earlier) VALUES (1, :settings, :commit, :earlier)
            ON CONFLICT (one) DO UPDATE
                SET settings = excluded.settings, commit_id = excluded.commit_id, earlier = excluded.earlier
            """, arguments.filter { $0.key != "digest" })
        try run(
            """
            INSERT INTO settings_copy (one, settings, commit_id, earlier, digest)
            VALUES (1, :settings, :commit, :earlier, :digest)
            ON CONFLICT (one) DO UPDATE SET
                settings = excluded.settings, commit_id = excluded.commit_id, earlier = excluded.earlier,
                digest = excluded.digest
            """, arguments)
        try run("DELETE FROM alteration WHERE seq > :before", ["before": before])
    }

    /// Does nothing where nothing tells what they were.
    func restoreSettings() throws {
        let reading = try settingsRow()
        if reading.isAltered, reading.isKnown, let row = reading.believed { try record(row) }
    }
}
