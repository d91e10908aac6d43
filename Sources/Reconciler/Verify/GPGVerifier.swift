import Foundation
import Git

/// Checks a PGP signature through `gpgv`, which knows no keys but those it is given, asks no server and runs nothing.
struct GPGVerifier {
    enum Answer {
        case good
        case bad(String)
    }

    private let keyring: [UInt8]

    private static let places = ["/usr/bin/gpgv", "/usr/local/bin/gpgv", "/opt/homebrew/bin/gpgv"]
    private static let time = Duration.seconds(10)

    /// - Parameter keyring: public keys as PGP exports them, not armoured
    init(keyring: [UInt8]) {
        self.keyring = keyring
    }

    /// Throws where there is no `gpgv` or it does not answer.
    func verify(_ signed: [UInt8], signature: [UInt8]) throws -> Answer {
        guard let program = Self.places.first(where: FileManager.default.isExecutableFile) else {
            throw CommandFailure(
                "the commit is signed with PGP, and there is no gpgv to check it: apt-get install gpgv")
        }
        let directory = FileManager.default.temporaryDirectory.path + "/writ-gpgv-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (name, bytes) in [("keyring.gpg", keyring), ("signature", signature), ("commit", signed)] {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
        }
        let output = try ShortProgram.run(
            program,
            [
                "--status-fd", "1", "--homedir", directory, "--weak-digest", "sha1", "--keyring",
                "\(directory)/keyring.gpg", "\(directory)/signature", "\(directory)/commit",
            ], within: Self.time)
        return Self.answer(output)
    }

    /// From the status lines (GnuPG's doc/DETAILS): exactly one signature, and that a good one by a key of ours.
    static func answer(_ output: ShortProgram.Output) -> Answer {
        let lines = output.text.split(separator: "\n").filter { $0.hasPrefix("[GNUPG:] ") }.map { line in
            line.dropFirst("[GNUPG:] ".count).split(separator: " ").map(String.init)
        }
        func words(_ name: String) -> [String]? { lines.first { $0.first == name } }
        let signatures = lines.count { $0.first == "NEWSIG" }
        if output.status == 0, signatures == 1, words("GOODSIG") != nil, words("VALIDSIG") != nil { return .good }
        if words("NO_PUBKEY") != nil {
            return .bad("it is signed by the PGP key \(words("ERRSIG")?.dropFirst().first ?? "?"), which is not listed")
        }
        for (name, why) in [
            ("BADSIG", "its PGP signature is not valid for it"), ("EXPSIG", "its PGP signature has expired"),
            ("EXPKEYSIG", "it is signed by a PGP key that has expired"),
            ("REVKEYSIG", "it is signed by a PGP key that was revoked"),
        ] where words(name) != nil {
            return .bad(why)
        }
        return .bad("gpgv does not call its PGP signature good")
    }
}
