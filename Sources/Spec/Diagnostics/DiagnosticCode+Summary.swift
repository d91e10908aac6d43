extension DiagnosticCode {
    /// The rule behind the code, one sentence.
    package var summary: String { Self.summaries[self] ?? "A problem of the sort `\(rawValue)`." }

    /// Never more than a warning.
    package var isAdvice: Bool {
        switch self {
        case .notActive, .unusedAgent, .suspendedReference, .frequentSchedule, .longJitter, .unknownEvent, .unknownPath,
            .baseline, .newReach, .riskySettings, .keptSettings, .ignoredName, .bidirectionalControl,
            .unknownFormerName:
            true
        default: false
        }
    }

    private static let summaries: [DiagnosticCode: String] = [
        .fileTooLarge: "A file is larger than the limit.",
        .notUTF8: "Files are UTF-8 without a byte order mark of another encoding.",
        .controlCharacter: "Files hold no control characters.",
        .bidirectionalControl: "Nothing turns the direction of a text around unseen.",
        .symbolicLink: "Manifests are files and not symbolic links.",
        .submodule: "Submodules are not read.",
        .lfsPointer: "Manifests are in git itself and not in Git LFS.",
        .ignoredName: "Manifests end in `.yaml` or `.yml`, and nothing is called as `.git` may be written.",
        .syntax: "Manifests are well-formed YAML.",
        .duplicateKey: "A mapping has each key once.",
        .tooDeep: "Values are not nested too deeply.",
        .tooManyNodes: "A document does not have too many values.",
        .scalarTooLong: "A value is not longer than the limit.",
        .keyTooLong: "A key is not longer than the limit.",
        .tooManyDocuments: "A file does not have too many documents.",
        .aliasBudget: "Aliases do not multiply a document beyond the limit.",
        .unknownAlias: "An alias follows its anchor.",
        .mergeKey: "YAML merge keys are not read.",
        .tag: "YAML tags are not read.",
        .directive: "YAML directives are not read.",
        .badKey: "The keys of a mapping are text.",
        .wrongAPIVersion: "A manifest names an apiVersion that is known.",
        .unknownKind: "A manifest names a kind that is known.",
        .unknownField: "A manifest has only the fields of its kind.",
        .missingField: "A manifest has every field that its kind needs.",
        .wrongType: "A value has the type of its field.",
        .badValue: "A value is one that its field takes.",
        .badName: "Names are DNS labels of at most 63 characters.",
        .exclusiveFields: "Fields that exclude each other do not stand together.",
        .plaintextSecret: "Secrets are referred to and never written into a manifest.",
        .duplicateResource: "A kind and name is declared once.",
        .danglingReference: "A reference names a resource that is declared.",
        .staleReference: "What a resource needs is in force as the same commit says it.",
        .referenceCycle: "References do not go round in a circle.",
        .renameConflict: "A former name is no longer in use, and becomes one resource.",
        .renameAmbiguous: "It can be told what a new resource was called before.",
        .unknownFormerName: "A former name is that of a resource that is in force.",
        .protected: "What is protected is not deleted or renamed.",
        .brake: "Somebody agreed to a commit that deletes much.",
        .refused: "A commit goes on from what is applied, and is signed where that is asked for.",
        .riskySettings: "The settings in writ.yaml keep the safeguards that they have.",
        .keptSettings: "What is taken back came with no other settings in writ.yaml.",
        .newReach: "Strangers come to no more tools, secrets, hosts and channels than before.",
        .baseline: "What is planned against is known as a whole.",
        .includeOutside: "Included files are inside the repository.",
        .includeMissing: "Included files are there.",
        .unusedAgent: "An agent is used by a trigger, a tool or a team.",
        .suspendedReference: "What is suspended is not in use.",
        .frequentSchedule: "A schedule fires at most 1,000 times a day.",
        .longJitter: "Jitter is shorter than the time between two firings that may not overlap.",
        .unknownEvent: "An event is one that its sender has.",
        .unknownPath: "A path begins with a name that events have.",
        .settings: "The settings in writ.yaml are valid.",
        .notActive: "What this version reads but does not act on is said.",
        .unreadable: "What is asked for can be read as a whole.",
        .locked: "One process at a time writes the state.",
        .undone: "A commit that was taken back is applied again where somebody names it.",
        .tooManyProblems: "So many problems that some are not listed.",
    ]
}
