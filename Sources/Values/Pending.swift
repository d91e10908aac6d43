// Stands in for Template, JSONTemplate and JSONSchema; each goes when the real one comes.
package struct TemplateError: Error { package let message: String; package let line: Int; package let column: Int }
package struct Template: Sendable {
    package enum Encoding: Sendable { case text, url, json }
    package init(_ text: String, encoding: Encoding = .text) throws(TemplateError) {}
    package func render(_ json: JSON) throws(TemplateError) -> String { "" }
}
package struct JSONTemplate: Sendable {
    package init(_ json: JSON) throws(TemplateError) {}
    package func render(_ json: JSON) throws(TemplateError) -> JSON { .null }
}
package struct JSONSchemaError: Error { package let message: String; package let pointer: JSONPointer }
package struct JSONSchema: Sendable { package init(_ json: JSON) throws(JSONSchemaError) {} }
