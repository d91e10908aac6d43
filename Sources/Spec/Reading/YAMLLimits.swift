/// Bounds on one YAML file; libyaml itself has none. The operator may move them, the repository never.
package struct YAMLLimits: Sendable, Hashable {
    /// Sequences and mappings inside each other, aliases expanded.
    package var depth = 64
    /// Values in one file, those that aliases repeat included.
    package var nodes = 50_000
    /// Bytes of one scalar.
    package var scalarBytes = 256 << 10
    /// Bytes of one key.
    package var keyBytes = 1_024
    package var documents = 1_000

    package init() {}
}
