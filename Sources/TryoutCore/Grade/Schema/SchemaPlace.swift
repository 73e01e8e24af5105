/// A schema inside a document: its value, the way to it, and the address that references in it begin at.
struct SchemaPlace {
  let value: ExactJSON
  /// Which of the documents that are known.
  let document: Document
  /// A JSON pointer from the root of the document.
  let pointer: String
  let base: String

  enum Document: Hashable { case own, metaschema }

  struct Key: Hashable {
    let document: Document
    let pointer: String
  }

  var key: Key { Key(document: document, pointer: pointer) }

  /// The place of a document's root.
  init(root value: ExactJSON, _ document: Document) {
    self.init(value, document, "", base: SchemaPlace.base(of: value, in: ""))
  }

  private init(_ value: ExactJSON, _ document: Document, _ pointer: String, base: String) {
    self.value = value
    self.document = document
    self.pointer = pointer
    self.base = base
  }

  /// The place one step further down; nil where nothing is there.
  func descending(_ step: String) -> SchemaPlace? {
    let next: ExactJSON?
    switch value {
    case .object(let members): next = members[ExactText(step)]
    case .array(let elements):
      let isIndex =
        step == "0" || step.first != "0" && step.utf8.allSatisfy { (48...57).contains($0) }
      next =
        isIndex ? Int(step).flatMap { elements.indices.contains($0) ? elements[$0] : nil } : nil
    default: next = nil
    }
    guard let next else { return nil }
    let escaped = step.replacing("~", with: "~0").replacing("/", with: "~1")
    return SchemaPlace(
      next, document, "\(pointer)/\(escaped)", base: SchemaPlace.base(of: next, in: base))
  }

  /// The place at a JSON pointer from here (RFC 6901).
  func following(_ pointer: String) -> SchemaPlace? {
    var place = self
    for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
      guard let next = place.descending(String(name)) else { return nil }
      place = next
    }
    return place
  }

  private static func base(of value: ExactJSON, in outer: String) -> String {
    value["$id"]?.string.map { SchemaURI($0).resolved(against: outer).absolute } ?? outer
  }

  /// The schemas directly inside, where keywords say that schemas stand.
  var children: [SchemaPlace] {
    guard case .object(let members) = value else { return [] }
    return members.keys.sorted().flatMap { key -> [SchemaPlace] in
      guard let child = descending(key.string) else { return [] }
      if Metaschema.single.contains(key.string) { return [child] }
      if Metaschema.lists.contains(key.string), case .array(let elements) = child.value {
        return elements.indices.compactMap { child.descending(String($0)) }
      }
      if Metaschema.maps.contains(key.string), case .object(let schemas) = child.value {
        return schemas.keys.sorted().compactMap { child.descending($0.string) }
      }
      return []
    }
  }
}
