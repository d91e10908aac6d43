import Git
import Values

/// An entry of a tree that is written as it stands, honest or not.
package struct RawEntry {
    package let mode: String
    package let name: [UInt8]
    package let id: ObjectID

    package init(_ mode: String, _ name: String, _ id: ObjectID) {
        self.init(mode, Array(name.utf8), id)
    }

    package init(_ mode: String, _ name: [UInt8], _ id: ObjectID) {
        self.mode = mode
        self.name = name
        self.id = id
    }
}

extension TestRepository {
    package func writeBlob(_ text: String) throws -> ObjectID {
        try repository.writeObject(Array(text.utf8), as: .blob)
    }

    /// A tree with these entries in this order, whatever they say.
    package func writeTree(_ entries: [RawEntry]) throws -> ObjectID {
        var bytes: [UInt8] = []
        for entry in entries { bytes += Array(entry.mode.utf8) + [0x20] + entry.name + [0] + entry.id.bytes }
        return try repository.writeObject(bytes, as: .tree)
    }

    /// A commit of any tree and any parents, on no branch.
    package func writeCommit(
        tree: ObjectID, parents: [ObjectID] = [], message: String = "Raw"
    ) throws -> ObjectID {
        let person = "\(Self.author.name) <\(Self.author.email)> \(tick().seconds) +0000"
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(person)\ncommitter \(person)\n\n\(message)\n"
        return try repository.writeObject(Array(text.utf8), as: .commit)
    }

    /// The file of a loose object, relative to `directory`; all objects that tests write are loose.
    package func looseObject(_ id: ObjectID) -> String {
        inGitDirectory("objects/" + id.text.prefix(2) + "/" + id.text.dropFirst(2))
    }

    /// Replaces or, with `nil`, removes the file of a loose object, as a power cut may.
    package func damage(_ id: ObjectID, _ bytes: [UInt8]?) throws {
        try directory.remove(looseObject(id))
        if let bytes { try directory.write(looseObject(id), bytes) }
    }
}
