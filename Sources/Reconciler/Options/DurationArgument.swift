import ArgumentParser
import Values

/// A duration on the command line, as in manifests: 30s, 5m.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = Duration(manifest: argument), duration > .zero else { return nil }
        self.init(duration)
    }

    var defaultValueDescription: String { duration.manifestText }

    /// Reads an option, with a message that says how to write it.
    static func read(_ text: String) throws -> DurationArgument {
        guard let argument = DurationArgument(argument: text) else {
            throw ValidationError(isZero(text) ? "it must be more than zero" : "write it as 30s, 5m or 1h30m")
        }
        return argument
    }

    private static func isZero(_ text: String) -> Bool { Duration(manifest: text) == .zero }

    /// The option, else the environment's variable, else the default.
    static func chosen(_ option: DurationArgument?, _ variable: String, _ standard: Duration) throws -> Duration {
        if let option { return option.duration }
        guard let text = Environment[variable] else { return standard }
        guard let argument = DurationArgument(argument: text) else {
            throw CommandFailure(
                isZero(text)
                    ? "\(variable) is \(text): it must be more than zero"
                    : "\(variable) is \(text), which is no duration: write it as 30s or 5m")
        }
        return argument.duration
    }
}
