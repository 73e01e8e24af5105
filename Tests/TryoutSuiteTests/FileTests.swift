import Foundation
import Testing
import TryoutCore
import TryoutSuite

/// Files that cannot be read, and paths that lead out of the suite's folder.
struct FileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "tryout-suite-\(UUID().uuidString)", directoryHint: .isDirectory)
    try FileManager.default.createDirectory(
      at: folder.appending(path: "suites/inner"),
      withIntermediateDirectories: true
    )
  }

  private func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
    let url = folder.appending(path: name)
    try Data(bytes).write(to: url)
    return url.path
  }

  private func only(_ result: SuiteReader.Result) throws -> Diagnostic {
    #expect(result.suite == nil)
    return try #require(result.diagnostics.count == 1 ? result.diagnostics.first : nil)
  }

  private func suite(prompt: String) -> String {
    """
    version: 1
    suite: files
    targets: [simulator:steady]
    prompts: [{ id: p, file: "\(prompt)" }]
    checks: [not_empty]
    """
  }

  @Test func missingFile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "none.yaml").path
    #expect(
      try only(SuiteReader.read(path: path)).description
        == "\(path):1:1: error: there is no such file"
    )
    #expect(try only(SuiteReader.read(path: "")).message == "there is no such file")
  }

  @Test func folderAndDevice() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(try only(SuiteReader.read(path: folder.path)).message == "this is a folder")
    #expect(try only(SuiteReader.read(path: "/dev/zero")).message == "this is not a regular file")
  }

  @Test func tooLargeFile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let size = (4 << 20) + 1
    let path = try write(repeatElement(UInt8(ascii: "#"), count: size), "large.yaml")
    let diagnostic = try only(SuiteReader.read(path: path))
    #expect(diagnostic.message == "the file is 4194305 bytes large")
    #expect(diagnostic.expected == "at most 4194304 bytes")
  }

  @Test func invalidUTF8() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try write(Array("suite: ä".utf8) + [0xC3, 0x28], "latin.yaml")
    #expect(try only(SuiteReader.read(path: path)).message == "byte 9 of the file is not UTF-8")
  }

  @Test func unreadableFile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try write("version: 1".utf8, "closed.yaml")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    // The superuser reads it nevertheless, and then the suite is what is wrong.
    let isReadable = FileManager.default.isReadableFile(atPath: path)
    let messages = SuiteReader.read(path: path).diagnostics.map(\.message)
    #expect(messages.contains("the file cannot be read") != isReadable)
  }

  @Test func byteOrderMarkIsTakenOff() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try write([0xEF, 0xBB, 0xBF] + Array("versio: 1".utf8), "mark.yaml")
    let unknown = SuiteReader.read(path: path).diagnostics.first { $0.message.contains("versio\"") }
    #expect(unknown?.column == 1)
  }

  @Test func pathsStayInTheFolder() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try write("Outside.".utf8, "outside.md")
    _ = try write("Inside.".utf8, "suites/inner/inside.md")
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "suites/link.md"),
      withDestinationURL: folder.appending(path: "outside.md")
    )
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "suites/good.md"),
      withDestinationURL: folder.appending(path: "suites/inner/inside.md")
    )
    for (prompt, isInside) in [
      ("inner/inside.md", true), ("inner/../inner/inside.md", true), ("good.md", true),
      ("../outside.md", false), ("link.md", false), ("inner/../../outside.md", false),
      (folder.appending(path: "outside.md").path, false),
    ] {
      let path = try write(suite(prompt: prompt).utf8, "suites/suite.yaml")
      let strict = SuiteReader.read(path: path)
      #expect((strict.suite != nil) == isInside, "\(prompt)")
      #expect(
        strict.diagnostics.contains { $0.message.contains("lies outside the folder") } != isInside
      )
      let open = SuiteReader.read(path: path, options: .init(allowOutside: true))
      let text = open.suite?.prompts.first?.user.rendered(with: [:])
      #expect(text == (isInside ? "Inside." : "Outside."), "\(prompt)")
    }
  }

  @Test func simulatorScriptsAreRead() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try write("personas: {}".utf8, "suites/script.yaml")
    let text = """
      version: 1
      suite: scripted
      accounts: { lab: { provider: simulator, script: script.yaml } }
      targets: [lab:steady]
      prompts: [Hello]
      """
    let path = try write(text.utf8, "suites/suite.yaml")
    let account = try #require(SuiteReader.read(path: path).suite?.accounts.first)
    #expect(account.script == "personas: {}")
    #expect(account.baseURL == nil)
  }
}
