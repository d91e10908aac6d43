import CLibYAML

/// The libyaml that this program runs with.
package enum YAMLLibrary {
    /// `0.2.5`
    package static var version: String {
        guard let text = yaml_get_version_string() else { return "unknown" }
        return String(cString: text)
    }
}
