import Synchronization

/// A JSON Schema of draft 2020-12, read once and ready to judge answers.
///
/// `format` and the `content…` keywords are annotations. References stay inside the document. It is written as its
/// canonical text wherever it is stored.
package struct JSONSchema: Sendable {
  /// Something about a schema that its author should know.
  package struct Remark: Error, Sendable, Equatable {
    package var isError: Bool
    package var message: String
    /// Where in the schema, as a JSON pointer.
    package var pointer: String
    /// The keyword that nobody knows, where that is the remark.
    package var unknownKeyword: String?
    package var advice: String?
  }

  /// The schema without white space, members in order.
  package let text: String
  let nodes: [SchemaNode]
  /// Whether any condition is about what no other has evaluated; all others are spared the bookkeeping.
  let tracksEvaluated: Bool

  /// Where judging begins.
  static let root = 0

  /// The keywords that schemas may have.
  package static let keywords = Metaschema.keywords.sorted()

  /// Reads a schema; the remarks hold an error exactly where there is none.
  package static func read(_ text: String) -> (schema: JSONSchema?, remarks: [Remark]) {
    do throws(ExactJSONReader.Problem) {
      return SchemaCompiler.compile(try ExactJSONReader.read(text))
    } catch {
      let message =
        switch error {
        case .malformed(let offset): "this is no JSON, from byte \(offset) on"
        case .tooDeep: "this is nested deeper than \(ExactJSONReader.mostDepth) levels"
        }
      return (nil, [Remark(isError: true, message: message, pointer: "")])
    }
  }

  /// Reads a schema that must be right; throws the first `Remark` that is an error.
  package init(_ text: String) throws(Remark) {
    let (schema, remarks) = JSONSchema.read(text)
    guard let schema else {
      throw remarks.first(where: \.isError)
        ?? Remark(isError: true, message: "this is no JSON Schema", pointer: "")
    }
    self = schema
  }

  init(_ value: ExactJSON, _ nodes: [SchemaNode]) {
    text = value.text
    self.nodes = nodes
    tracksEvaluated = nodes.contains { node in
      node.conditions.contains { condition in
        switch condition {
        case .unevaluatedItems, .unevaluatedMembers: true
        default: false
        }
      }
    }
  }

  /// What the schema says of an answer.
  package func examine(_ answer: String) -> Grader.Finding {
    do throws(ExactJSONReader.Problem) {
      return examine(try ExactJSONReader.read(answer.trimmed))
    } catch {
      return switch error {
      case .malformed: .failed("is not JSON")
      case .tooDeep: .ungraded("is nested deeper than \(ExactJSONReader.mostDepth) levels")
      }
    }
  }

  func examine(_ value: ExactJSON) -> Grader.Finding {
    var examination = SchemaExamination(self)
    return switch examination.fits(value) {
    case true?: .passed
    case false?: .failed(examination.complaints.map(\.text).joined(separator: "; "))
    case nil: .ungraded("judging it by the schema is too much work")
    }
  }
}

extension JSONSchema: Hashable {
  package static func == (left: JSONSchema, right: JSONSchema) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension JSONSchema: Codable {
  /// The one that was decoded last.
  private static let last = Mutex<JSONSchema?>(nil)

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      let text = try container.decode(String.self)
      // A suite writes its checks anew for every case.
      if let last = JSONSchema.last.withLock({ $0 }), last.text == text {
        self = last
      } else {
        try self.init(text)
        let schema = self
        JSONSchema.last.withLock { $0 = schema }
      }
    } catch let remark as Remark {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: remark.message)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
