import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A document as a parser of XML sees it, for tests that look for what does not belong there.
final class XMLTree: NSObject, XMLParserDelegate {
  struct NotWellFormed: Error, CustomStringConvertible { var description: String }

  final class Element {
    let name: String
    let attributes: [String: String]
    var children: [Element] = []
    var text = ""

    init(_ name: String, _ attributes: [String: String] = [:]) {
      self.name = name
      self.attributes = attributes
    }

    /// This and everything below, in the order of the document.
    var all: [Element] { [self] + children.flatMap(\.all) }

    func all(_ name: String) -> [Element] { all.filter { $0.name == name } }
  }

  private var stack = [Element("")]

  /// The outermost element; throws where the text is not well-formed.
  static func parse(_ text: String) throws -> Element {
    let tree = XMLTree()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = tree
    let isWhole = parser.parse()
    guard isWhole, tree.stack.count == 1, let root = tree.stack[0].children.first else {
      let error = parser.parserError.map { "\($0)" } ?? "no element"
      throw NotWellFormed(description: "line \(parser.lineNumber): \(error)")
    }
    return root
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    let element = Element(name, attributes)
    stack.last?.children.append(element)
    stack.append(element)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    stack.removeLast()
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { stack.last?.text += text }
}
