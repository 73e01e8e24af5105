import Testing
import TryoutSuite

/// Braces that are no place, because one is missing or something else stands between.
struct StrayTests {
  private func warnings(_ prompt: String) -> [String] {
    let text = """
      version: 1
      suite: strays
      targets: ["simulator:steady"]
      prompts: [\(prompt)]
      cases: [{ vars: { name: x } }]
      checks: [{ contains: "{{ name }}" }]
      """
    return SuiteReader.read(text: text, file: "s.yaml", folder: ".").diagnostics.map(\.message)
  }

  @Test(arguments: ["Hi {{ name", "Hi {{ name }", "Hi {{name|upper}}", "{{ name }} or {{ name )"])
  func aBraceThatIsMissingIsNamed(text: String) {
    let warnings = warnings("\"\(text)\"")
    #expect(warnings.count == 1 && warnings[0].hasPrefix("\"{{"), "\(warnings)")
    #expect(warnings[0].hasSuffix("is no place, and is sent as it stands"))
    #expect(self.warnings("{ user: \"\(text)\", template: none }").isEmpty)
    #expect(self.warnings("{ user: \"{{ name }}\", system: \"\(text)\" }") == warnings)
  }

  @Test(arguments: ["{{ name }}", "{{{ name }}}", "{ name }", "a {{}} b", "\\\\frac{{1}+{2}}{3}"])
  func otherBracesAreMeant(text: String) {
    #expect(warnings("\"\(text)\"").isEmpty)
  }
}
