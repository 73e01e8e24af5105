/// What every schema of draft 2020-12 must look like, as one schema without dynamic references.
///
/// It judges schemas before they are read, and is what a `$ref` to the draft's own address means.
enum Metaschema {
  static let address = "https://json-schema.org/draft/2020-12/schema"

  /// Keywords whose value is one schema.
  static let single = [
    "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
    "propertyNames", "then",
    "unevaluatedItems", "unevaluatedProperties",
  ]
  /// Keywords whose value is a list of schemas.
  static let lists = ["allOf", "anyOf", "oneOf", "prefixItems"]
  /// Keywords whose value is a map of schemas.
  static let maps = ["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"]
  static let texts = [
    "$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema",
    "contentEncoding",
    "contentMediaType", "description", "format", "pattern", "title",
  ]
  static let counts = [
    "maxContains", "maxItems", "maxLength", "maxProperties", "minContains", "minItems", "minLength",
    "minProperties",
  ]
  static let limits = ["exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum"]
  static let flags = ["deprecated", "readOnly", "uniqueItems", "writeOnly"]
  static let others = [
    "$vocabulary", "const", "default", "dependentRequired", "enum", "examples", "multipleOf",
    "required", "type",
  ]

  static let keywords = Set(single + lists + maps + texts + counts + limits + flags + others)

  static let document: ExactJSON = {
    var properties: [ExactText: ExactJSON] = [:]
    func define(_ names: [String], as kind: String) {
      for name in names { properties[ExactText(name)] = reference(kind) }
    }
    func reference(_ kind: String) -> ExactJSON {
      .object([ExactText("$ref"): .string(ExactText(kind.isEmpty ? "#" : "#/$defs/\(kind)"))])
    }
    define(single, as: "")
    define(lists, as: "list")
    define(maps, as: "map")
    define(texts, as: "text")
    define(counts, as: "count")
    define(limits, as: "number")
    define(flags, as: "flag")
    define(["required"], as: "names")
    define(["enum", "examples"], as: "values")
    let written = (try? ExactJSONReader.read(rest)) ?? .bool(true)
    if case .object(let members)? = written["properties"] { properties.merge(members) { $1 } }
    guard case .object(var schema) = written else { return written }
    schema[ExactText("$id")] = .string(ExactText(address))
    schema[ExactText("properties")] = .object(properties)
    return .object(schema)
  }()

  private static let rest = """
    {
      "type": ["object", "boolean"],
      "properties": {
        "$id": { "type": "string", "pattern": "^[^#]*#?$" },
        "$anchor": { "type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$" },
        "$vocabulary": { "type": "object", "additionalProperties": { "type": "boolean" } },
        "multipleOf": { "type": "number", "exclusiveMinimum": 0 },
        "dependentRequired": { "type": "object", "additionalProperties": { "$ref": "#/$defs/names" } },
        "type": {
          "if": { "type": "array" },
          "then": { "items": { "$ref": "#/$defs/kind" }, "minItems": 1, "uniqueItems": true },
          "else": { "$ref": "#/$defs/kind" }
        }
      },
      "$defs": {
        "list": { "type": "array", "minItems": 1, "items": { "$ref": "#" } },
        "map": { "type": "object", "additionalProperties": { "$ref": "#" } },
        "text": { "type": "string" },
        "count": { "type": "integer", "minimum": 0 },
        "number": { "type": "number" },
        "flag": { "type": "boolean" },
        "names": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
        "values": { "type": "array" },
        "kind": { "enum": ["array", "boolean", "integer", "null", "number", "object", "string"] }
      }
    }
    """
}
