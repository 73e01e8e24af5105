import Foundation
import Testing
import TryoutCore
import TryoutReport

struct HTMLTests {
  private static let elements: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "div", "table",
    "thead", "tbody", "tr", "th", "td", "span", "strong", "sup", "a", "ol", "ul", "li", "details",
    "summary", "dl", "dt", "dd", "svg", "line", "circle",
  ]
  private static let attributes: Set<String> = [
    "lang", "charset", "http-equiv", "content", "name", "class", "scope", "tabindex", "id", "href",
    "width", "height", "viewBox", "aria-hidden", "x1", "y1", "x2", "y2", "cx", "cy", "r",
  ]

  private func tree(_ page: String) throws -> XMLTree.Element {
    let doctype = "<!doctype html>\n"
    try #require(page.hasPrefix(doctype))
    return try XMLTree.parse(String(page.dropFirst(doctype.count)))
  }

  /// Nothing but what the rendering itself writes: no script, no handler, no address to go to.
  @Test(arguments: MadeUpRuns.all.map(\.0) + ["comparison"])
  func nothingForeignIsMarkup(run: String) throws {
    let page =
      if let report = MadeUpRuns.all.first(where: { $0.0 == run })?.1 {
        HTMLRendering().render(report)
      } else {
        HTMLRendering().render(try #require(MadeUpRuns.again.baseline))
      }
    let root = try tree(page)
    for element in root.all {
      #expect(Self.elements.contains(element.name), "\(element.name)")
      #expect(Set(element.attributes.keys).isSubset(of: Self.attributes), "\(element.name)")
    }
    let notes = Set(root.all("li").compactMap { $0.attributes["id"] })
    for link in root.all("a") {
      #expect(notes.contains(String(try #require(link.attributes["href"]).dropFirst())))
    }
    let policy = try #require(
      root.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" })
    #expect(policy.attributes["content"]?.contains("default-src 'none'") == true)
    for word in ["url(", "@import"] { #expect(!root.all("style")[0].text.contains(word)) }
  }

  @Test func foreignTextIsShown() throws {
    let root = try tree(HTMLRendering().render(MadeUpRuns.hostile))
    let texts = root.all("td").map(\.text)
    #expect(texts.contains { $0.contains("<b>@all</b>") && $0.contains("[a](http://evil)") })
    let shown = root.all.map(\.text).joined().unicodeScalars
    #expect(!shown.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    #expect(!shown.contains { $0.properties.isDefaultIgnorableCodePoint })
  }

  /// The same figures as in Markdown, cell by cell.
  @Test(arguments: ["usual", "empty", "load", "again"])
  func tablesAreThoseOfMarkdown(run: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    let rows = try tree(HTMLRendering().render(report)).all("tr").map { $0.children.count }
    let lines = MarkdownRendering().render(report).split(separator: "\n")
      .filter { $0.hasPrefix("|") && !$0.hasPrefix("| :--") }
    #expect(rows == lines.map { $0.replacing("\\|", with: "").count { $0 == "|" } - 1 })
  }

  /// Line by line, as in the terminal and in Markdown.
  @Test(arguments: ["usual", "again"])
  func recommendationIsTold(run: String) throws {
    let report = try #require(MadeUpRuns.all.first { $0.0 == run }?.1)
    let lines = try #require(report.recommendationText?.lines)
    let page = try tree(HTMLRendering().render(report))
    let list = try #require(page.all("ul").first)
    #expect(page.all("p").contains { $0.all("strong").map(\.text) == [lines[0]] })
    #expect(list.all("li").map(\.text) == Array(lines.dropFirst()))
    #expect(lines.contains { $0.hasPrefix("Rejected: ") || $0.hasPrefix("Behind ") })
  }

  @Test func barsShareTheScaleOfTheirGroup() throws {
    let root = try tree(HTMLRendering().render(MadeUpRuns.usual))
    let row = try #require(
      root.all("tr").first { $0.children.first?.text == "shaky" && !$0.all("svg").isEmpty })
    // Its p95 falls among the failures, and runs out of the picture.
    #expect(row.all("line").contains { $0.attributes["class"] == "open" })
    for shape in root.all("line") {
      let ends = ["x1", "x2"].compactMap { shape.attributes[$0].flatMap(Double.init) }
      #expect(ends.count == 2 && ends[0] <= ends[1] && ends[0] >= 3 && ends[1] <= 120)
    }
    let dots = root.all("circle").compactMap { $0.attributes["cx"].flatMap(Double.init) }
    #expect(!dots.isEmpty && dots.allSatisfy { (3...117).contains($0) })
  }
}
