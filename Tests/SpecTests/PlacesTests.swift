import Spec
import TestSupport
import Testing
import Values

@Suite struct PlacesTests {
    private func places(_ text: String) -> Places { Places(text: Array(text.utf8)) }

    private let nested = #"""
        [0,"metadata",3,1,1,"name",4,3,0,"spec",5,1,1,"model",6,3,2,"name",6,11,1,"tools",7,3,2,"0",8,5,2,"1",9,5]
        """#

    @Test(arguments: [
        ("/metadata", 3), ("/metadata/name", 4), ("/spec/model/name", 6), ("/spec/tools/1", 9), ("/spec/tools", 7),
        // The nearest around it.
        ("/spec/model/temperature", 6), ("/spec/tools/1/approval", 9), ("/spec/limits/maxSteps", 5),
    ])
    func `the value that a pointer names is found, or the nearest around it`(_ pointer: String, _ line: Int) throws {
        let pointer = try #require(JSONPointer(pointer))
        #expect(places(nested).mark(of: pointer)?.line == line)
    }

    @Test func `where nothing is known nothing is found`() throws {
        #expect(places(nested).mark(of: JSONPointer(["other"])) == nil)
        #expect(places(nested).mark(of: JSONPointer()) == nil)
        #expect(Places.none.mark(of: JSONPointer(["spec"])) == nil)
        for text in ["", "{}", "[1", "[0,\"spec\"]", "[\"spec\",0,1,1]", "[[0,\"spec\",1,1]]", "[-1,\"spec\",1,1]"] {
            #expect(places(text).mark(of: JSONPointer(["spec"])) == nil, "\(text)")
        }
    }

    @Test func `a manifest tells where each of its values begins, whatever its keys are`() throws {
        let text = """
            apiVersion: writ/v1
            kind: User
            metadata:
              name: ada
              annotations: {'a"b\\c/d': x, plain: y}
            spec: {email: ada@example.com}

            """
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(["ada.yaml": text]))
        let user = try #require(loaded.catalog[ResourceID(kind: .user, name: "ada")])
        func mark(_ tokens: String...) -> Mark { user.place(of: JSONPointer(tokens)).mark }
        #expect(mark("metadata", "annotations", "a\"b\\c/d") == Mark(line: 5, column: 28))
        #expect(mark("metadata", "annotations", "plain") == Mark(line: 5, column: 38))
        #expect(mark("spec", "email") == Mark(line: 6, column: 15))
        #expect(mark("spec", "displayName") == Mark(line: 6, column: 7))
    }
}

@Suite struct SpreadTests {
    @Test func `files that are read in any order say the same`() throws {
        var files: [String: String] = [:]
        for number in 0..<700 {
            // Each third is wrong, each seventh a second one of its name.
            let name = number % 7 == 0 ? "again" : "user-\(number)"
            let field = number % 3 == 0 ? "emial" : "email"
            files["users/\(number).yaml"] =
                "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {\(field): a@example.com}\n"
        }
        let snapshot = MemorySnapshot(files)
        let backwards = Spread { count, body in
            for index in (0..<count).reversed() { body(index) }
        }
        let here = try CatalogLoader(zones: .system).load(snapshot)
        let there = try CatalogLoader(zones: .system, spread: backwards).load(snapshot)
        #expect(here.catalog.resources == there.catalog.resources)
        #expect(here.files == there.files)
        #expect(here.diagnostics == there.diagnostics)
        #expect(here.diagnostics.count { $0.code == .unknownField } == 234)
        #expect(here.diagnostics.count { $0.code == .duplicateResource } == 99)
    }
}
