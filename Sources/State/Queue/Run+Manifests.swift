import GRDB

extension Run {
    /// Finds runs that have left the queue and keep a manifest.
    static func keepingManifest(_ digest: String) -> String {
        "SELECT 1 FROM run WHERE \(hasLeft) AND manifest_digest = \(digest)"
    }
}

extension Database {
    /// The digests of the manifests that runs in the queue keep. It reads all of these: to be asked once for all manifests
    /// that are to be removed.
    func queuedManifests() throws -> Set<String> {
        let rows = try rows(
            """
            SELECT DISTINCT manifest_digest AS digest FROM \(Run.queue) AND manifest_digest IS NOT NULL
            """)
        return Set(try rows.map { try $0.get("digest") })
    }
}
