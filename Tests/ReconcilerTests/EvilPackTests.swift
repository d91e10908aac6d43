import Git
import TestSupport
import Testing

/// Packs that were damaged or made to harm; each command ends with an error, in time and memory.
@Suite("Packs that harm who reads them", .timeLimit(.minutes(5)))
struct EvilPackTests {
    private static let manifest = Array(
        "apiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {displayName: Ada}\n".utf8)

    /// A repository with one commit in one pack, of a tree with one blob.
    private struct Packed {
        let fleet: Fleet
        let ids: [ObjectID]
        let files: (pack: [UInt8], index: [UInt8])

        init(_ blob: [(id: ObjectID, content: RawPack.Content)], memory: String? = nil) throws {
            var fleet = try Fleet()
            fleet.environment["WRIT_READ_TIMEOUT"] = "5s"
            fleet.environment["WRIT_READ_MEMORY"] = memory
            self.fleet = fleet
            let file = try #require(blob.last).id
            let tree = RawPack.object(.tree, Array("100644 ada.yaml\0".utf8) + file.bytes)
            let person = "A <a@example.com> 1767225600 +0000"
            let commit = RawPack.object(
                .commit, Array("tree \(tree.id)\nauthor \(person)\ncommitter \(person)\n\nPacked\n".utf8))
            ids = [commit.id, tree.id, file]
            files = RawPack(blob + [tree, commit]).files
            try fleet.repository.branch("main", at: commit.id)
        }

        func plan() async throws -> CommandResult { try await fleet.writ("plan") }
    }

    @Test("A pack that git could have written is read")
    func isSound() async throws {
        let packed = try Packed([RawPack.object(.blob, Self.manifest)])
        try packed.fleet.repository.write((packed.files.pack, packed.files.index))
        let result = try await packed.plan()
        #expect(result.status == 0 && result.stdout.contains("User/ada"), "\(result)")
    }

    @Test("A pack without its index, or cut off, is told of with the object that is missing (fault B37)")
    func isCut() async throws {
        let blob = RawPack.object(.blob, Self.manifest)
        let whole = try Packed([blob]).files
        for length in [0, 12, 40, whole.pack.count / 2, whole.pack.count - 1] {
            let packed = try Packed([blob])
            try packed.fleet.repository.write((Array(whole.pack.prefix(length)), whole.index))
            let result = try await packed.plan()
            #expect(result.status == 1 && result.stderr.hasPrefix("writ: error: "), "\(length): \(result)")
        }
        let packed = try Packed([blob])
        try packed.fleet.repository.write((whole.pack, nil))
        let result = try await packed.plan()
        #expect(result.status == 1 && result.stderr.contains(packed.ids[0].shortText), "\(result)")
    }

    @Test("One flipped bit anywhere in a pack or its index plans what was committed, or nothing (fault B37)")
    func isFlipped() async throws {
        let blob = RawPack.object(.blob, Self.manifest)
        let whole = try Packed([blob]).files
        var refused = 0
        for part in 0..<24 {
            let packed = try Packed([blob])
            var files = whole
            if part.isMultiple(of: 2) {
                files.pack[part * files.pack.count / 24] ^= 0x10
            } else {
                files.index[part * files.index.count / 24] ^= 0x10
            }
            try packed.fleet.repository.write((files.pack, files.index))
            let result = try await packed.plan()
            if result.status == 0 {
                // What is not looked at may be wrong, such as a sum of the index.
                #expect(result.stdout.contains(#"spec.displayName = "Ada""#), "\(result)")
            } else {
                refused += 1
                #expect(result.status == 1 && result.stderr.contains("writ: error: "), "\(result)")
            }
        }
        #expect(refused >= 8)
    }

    @Test("Zeros in a pack's place are refused (fault B37)")
    func isZeroed() async throws {
        let packed = try Packed([RawPack.object(.blob, Self.manifest)])
        try packed.fleet.repository.write(
            ([UInt8](repeating: 0, count: packed.files.pack.count), packed.files.index))
        let result = try await packed.plan()
        #expect(result.status == 1 && result.stderr.contains("writ: error: "), "\(result)")
    }

    @Test(
        "A difference that grows to 1 GiB, or over what its size says, is refused before it is put together (fault B38)",
        arguments: [1_024: "[file-too-large]", 16_384: "ada.yaml"])
    func isDeltaBomb(_ times: Int, _ said: String) async throws {
        let base = [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
        // The id of what would come out is not known without making it; it is refused before that matters.
        let first = ObjectID(bytes: [UInt8](repeating: 7, count: 20)) ?? .zero
        let packed = try Packed(
            [
                RawPack.object(.blob, base),
                (first, .delta(base: 0, RawPack.copying(base.count, times: times))),
            ], memory: "256")
        try packed.fleet.repository.write((packed.files.pack, packed.files.index))
        let result = try await packed.plan()
        #expect(result.status == 1, "\(result)")
        #expect((result.stdout + result.stderr).contains(said), "\(result)")
    }

    @Test("A tree that is a chain of differences over 32 MiB is refused (fault B38)")
    func isTreeBomb() async throws {
        let base = [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
        let id = ObjectID(bytes: [UInt8](repeating: 9, count: 20)) ?? .zero
        let person = "A <a@example.com> 1767225600 +0000"
        let commit = RawPack.object(
            .commit, Array("tree \(id)\nauthor \(person)\ncommitter \(person)\n\nBomb\n".utf8))
        let pack = RawPack([
            RawPack.object(.tree, base), (id, .delta(base: 0, RawPack.copying(base.count, times: 1_024))), commit,
        ]).files
        var fleet = try Fleet()
        fleet.environment["WRIT_READ_MEMORY"] = "256"
        try fleet.repository.branch("main", at: commit.id)
        try fleet.repository.write((pack.pack, pack.index))
        let result = try await fleet.writ("plan")
        #expect(result.status == 1 && result.stderr.contains("1073741824 bytes"), "\(result)")
    }
}
