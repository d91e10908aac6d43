import TestSupport

/// A configuration that is edited at random: sound mostly, and broken now and then.
struct RandomRepository {
    private struct Document {
        var kind: String
        var name: String
        var renamedFrom: String?
        var isProtected = false
        /// Lines of the spec by field.
        var fields: [String: String]
    }

    private var random: SeededRandom
    private var files: [String: [Document]] = [:]
    private var texts: [String: String] = [:]
    private var broken: [String: String] = [:]
    private var links: Set<String> = []
    private var settings: String?
    private var counter = 0
    let listensToAny: Bool
    /// Whether what is sound in a broken commit is applied.
    let isolates: Bool

    init(seed: UInt64) {
        random = SeededRandom(seed)
        listensToAny = seed % 8 == 0
        isolates = seed % 4 == 1
        for kind in ["Provider", "Channel", "User", "Repository", "Prompt"] { add(kind) }
        for _ in 0..<3 { add("Tool") }
        for _ in 0..<4 { add("Agent") }
        for _ in 0..<4 { add("Trigger") }
        add("Team")
    }

    var snapshot: MemorySnapshot {
        var all = texts
        for (path, documents) in files { all[path] = documents.map(text).joined(separator: "---\n") }
        for (path, text) in broken { all[path] = text }
        all["writ.yaml"] = isolates ? "apply: perResource\n" + (settings ?? "") : settings
        var snapshot = MemorySnapshot(all)
        snapshot.symbolicLinks = links
        return snapshot
    }

    /// One commit: one to three edits.
    mutating func edit() {
        for _ in 0...random.below(3) { editOnce() }
    }

    private mutating func editOnce() {
        switch random.below(23) {
        case 0...2: add(random.element(["Agent", "Trigger", "Tool", "User", "Prompt", "Channel", "Team"]) ?? "User")
        case 3...6: change { document, random in document.fields.merge(Self.edit(of: document.kind, &random)) { $1 } }
        case 7: changeText()
        case 8: remove()
        case 9: move()
        case 10: rename(saying: true)
        case 11: rename(saying: false)
        case 12:
            change { document, random in
                guard ["Agent", "Tool", "Trigger"].contains(document.kind) else { return }
                document.fields["suspend"] = document.fields["suspend"] == nil ? "true" : nil
            }
        case 13: change { document, _ in document.isProtected.toggle() }
        case 14: breakFile()
        case 15: broken = [:]
        case 16: links.formSymmetricDifference(["shared-\(random.below(2)).yaml.d"])
        case 17: texts["README.md"] = "Edition \(random.below(1_000))"
        case 18: retarget()
        case 19: change { document, _ in document.renamedFrom = nil }
        case 20: merge()
        case 21: moveText()
        default:
            guard random.below(4) == 0 else { return }
            settings = settings == nil ? "brake: {deletes: 2}\n" : random.below(2) == 0 ? nil : "exclude: [drafts/]\n"
        }
    }

    // MARK: Edits

    private mutating func add(_ kind: String) {
        counter += 1
        var document = Document(kind: kind, name: "\(kind.lowercased())-\(counter)", fields: [:])
        document.fields = fields(of: kind)
        let path = random.below(4) == 0 ? files.keys.sorted().randomElement(using: &random) : nil
        files[path ?? "\(kind.lowercased())s/\(document.name).yaml", default: []].append(document)
    }

    private mutating func fields(of kind: String) -> [String: String] {
        switch kind {
        case "Provider": return ["type": "ollama"]
        case "Channel": return ["webhook": "{url: https://example.com/\(counter), secret: {env: HOOK}}"]
        case "User": return ["role": "viewer"]
        case "Repository": return ["url": "https://github.com/acme/r\(counter)"]
        case "Prompt":
            texts["texts/\(counter % 3).md"] = texts["texts/\(counter % 3).md"] ?? "Text \(counter)"
            return ["template": "{file: ../texts/\(counter % 3).md}"]
        case "Tool":
            if random.below(3) == 0, let agent = name("Agent") {
                return ["description": "Asks", "agent": agent]
            }
            return ["description": "Looks", "http": "{url: \"https://api.example.com/\(counter)\"}"]
        case "Agent":
            var fields = ["model": "{provider: \(name("Provider") ?? "none"), name: m}"]
            if random.below(3) == 0, let prompt = name("Prompt") {
                fields["prompt"] = prompt
            } else {
                texts["texts/\(counter % 3).md"] = texts["texts/\(counter % 3).md"] ?? "Text \(counter)"
                fields["systemPrompt"] = random.below(2) == 0 ? "Be brief" : "{file: ../texts/\(counter % 3).md}"
            }
            if random.below(2) == 0, let tool = name("Tool") { fields["tools"] = "[\(tool)]" }
            if random.below(3) == 0, let user = name("User") { fields["owner"] = user }
            return fields
        case "Trigger":
            var fields = ["agent": name("Agent") ?? "none"]
            switch random.below(4) {
            case 3:
                // Where the runs of anybody are listened to, all of it is read: of one repository in eight.
                let isAny = listensToAny && random.below(2) == 0
                let event = random.element(["run.succeeded", "run", "resource.changed"]) ?? "run"
                let agent = isAny ? "" : ", agent: \(name("Agent") ?? "none")"
                fields["on"] = "{event: \(event)\(agent)}"
            case 0: fields["schedule"] = "{cron: \"\(random.below(2) == 0 ? "*" : "7") * * * *\"}"
            case 1:
                fields["webhook"] =
                    "{source: github, repository: \(name("Repository") ?? "none"), secret: {env: HOOK}}"
            default: fields["webhook"] = "{source: generic, secret: {env: HOOK}}"
            }
            if random.below(2) == 0, let channel = name("Channel") { fields["deliver"] = "[\(channel)]" }
            return fields
        default:
            return ["members": "[\(name("User") ?? "none")]", "agents": "[\(name("Agent") ?? "none")]"]
        }
    }

    private static func edit(of kind: String, _ random: inout SeededRandom) -> [String: String] {
        switch kind {
        case "Provider": ["concurrency": "\(random.below(8) + 1)"]
        case "Channel": ["template": "'{{output}} \(random.below(9))'"]
        case "User": ["role": random.below(2) == 0 ? "admin" : "developer"]
        case "Repository": ["url": "https://github.com/acme/x\(random.below(9))"]
        case "Prompt", "Team": ["description": "Edition \(random.below(9))"]
        case "Tool": ["timeout": "\(random.below(50) + 1)s"]
        case "Agent": ["description": "Edition \(random.below(9))", "limits": "{maxSteps: \(random.below(9) + 1)}"]
        default: ["priority": "\(random.below(9))", "input": "Hello \(random.below(3))"]
        }
    }

    private mutating func change(_ edit: (inout Document, inout SeededRandom) -> Void) {
        guard let path = files.keys.sorted().randomElement(using: &random), let count = files[path]?.count, count > 0
        else { return }
        let place = random.below(count)
        guard var document = files[path]?[place] else { return }
        edit(&document, &random)
        files[path]?[place] = document
    }

    private mutating func changeText() {
        guard let path = texts.keys.sorted().randomElement(using: &random) else { return }
        texts[path] = random.below(12) == 0 ? nil : "Text \(random.below(1_000))"
    }

    private mutating func remove() {
        guard let path = files.keys.sorted().randomElement(using: &random), files.count > 3 else { return }
        if random.below(2) == 0, (files[path]?.count ?? 0) > 1 { files[path]?.removeLast() } else { files[path] = nil }
    }

    private mutating func move() {
        guard let path = files.keys.sorted().randomElement(using: &random), let documents = files[path] else { return }
        files[path] = nil
        counter += 1
        files["moved/\(counter).yaml"] = documents
    }

    /// With everybody who includes it, or not; some of them may move in the same commit.
    private mutating func moveText() {
        guard let path = texts.keys.sorted().filter({ $0.hasPrefix("texts/") }).randomElement(using: &random) else {
            return
        }
        counter += 1
        let new = "texts/moved-\(counter).md"
        texts[new] = texts[path]
        texts[path] = nil
        guard random.below(6) > 0 else { return }
        files = files.mapValues { documents in
            documents.map { document in
                var document = document
                document.fields = document.fields.mapValues {
                    $0.replacing("{file: ../\(path)}", with: "{file: ../\(new)}")
                }
                return document
            }
        }
        if random.below(2) == 0 { move() }
    }

    private mutating func merge() {
        guard let one = files.keys.sorted().randomElement(using: &random),
            let other = files.keys.sorted().randomElement(using: &random), one != other, let documents = files[one]
        else { return }
        files[one] = nil
        files[other, default: []] += documents
    }

    /// With everybody who names it, or not.
    private mutating func rename(saying isSaid: Bool) {
        counter += 1
        let new = "renamed-\(counter)"
        var renamed: (kind: String, name: String)?
        change { document, random in
            renamed = (document.kind, document.name)
            document.renamedFrom = isSaid ? document.name : nil
            document.name = new
        }
        guard let renamed, random.below(5) > 0 else { return }
        for (path, documents) in files {
            files[path] = documents.map { document in
                var document = document
                for (field, value) in document.fields {
                    let isName = value == renamed.name
                    document.fields[field] =
                        isName
                        ? new
                        : value.split(separator: " ", omittingEmptySubsequences: false).map { word in
                            var text = String(word)
                            for (open, close) in [("[", "]"), ("", ","), ("[", ","), ("", "]"), ("", "}"), ("", "")]
                            where text == open + renamed.name + close { text = open + new + close }
                            return text
                        }.joined(separator: " ")
                }
                return document
            }
        }
    }

    private mutating func retarget() {
        let agent = name("Agent")
        let tool = name("Tool")
        change { document, _ in
            if document.kind == "Trigger", let agent { document.fields["agent"] = agent }
            if document.kind == "Agent" { document.fields["tools"] = tool.map { "[\($0)]" } }
        }
    }

    private mutating func breakFile() {
        guard let path = files.keys.sorted().randomElement(using: &random) else { return }
        broken[path] = random.element(["a: [", "kind: Nobody\n", "apiVersion: writ/v1\nkind: User\n"])
    }

    private mutating func name(_ kind: String) -> String? {
        let names = files.values.joined().filter { $0.kind == kind }.map(\.name).sorted()
        return names.randomElement(using: &random)
    }

    private func text(_ document: Document) -> String {
        var metadata = "name: \(document.name)"
        if let former = document.renamedFrom { metadata += ", renamedFrom: \(former)" }
        if document.isProtected { metadata += ", protect: true" }
        let fields = document.fields.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined()
        return "apiVersion: writ/v1\nkind: \(document.kind)\nmetadata: {\(metadata)}\nspec:\n\(fields)"
    }
}

extension SeededRandom {
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    mutating func element<Value>(_ values: [Value]) -> Value? { values.randomElement(using: &self) }
}
