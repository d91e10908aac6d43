/// A kind of resource. One file in `Kinds/` describes it whole; `KindCatalog` lists them.
package protocol Kind: SpecObject {
    /// As manifests write it: `Agent`.
    static var kindName: KindName { get }
    /// As paths and the command line write many of them: `agents`.
    static var plural: String { get }
    /// Fields of the spec that make it another thing under the same name: a single value by changing, a mapping by
    /// coming or going.
    static var fixed: [String] { get }
}

extension Kind {
    package static var fixed: [String] { [] }

    package static func id(_ name: String) -> ResourceID { ResourceID(kind: kindName, name: name) }
}
