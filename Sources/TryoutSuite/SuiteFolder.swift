import Foundation

/// The folder of a suite file, out of which its paths may not lead.
struct SuiteFolder {
  /// Where the suite's relative paths begin.
  let path: String
  /// The folder as the user wrote it, for the names in diagnostics.
  let shownAs: String
  let allowOutside: Bool

  /// Prompts, schemas and scripts.
  static let mostText = 4 << 20
  /// Files with cases.
  static let mostCases = 64 << 20

  /// The whole path of a file that a suite names; nil, with a diagnostic, where it may not be named.
  ///
  /// Symbolic links are resolved first, so that a link does not lead out of the folder either. `~/` is the user's home.
  func path(of written: String, at cursor: Cursor) -> String? {
    let root = URL(fileURLWithPath: path, isDirectory: true).resolvingSymlinksInPath()
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    let expanded = written.hasPrefix("~/") ? home + written.dropFirst() : written
    let file = URL(fileURLWithPath: expanded, relativeTo: root).standardizedFileURL
      .resolvingSymlinksInPath()
    let prefix = root.path.hasSuffix("/") ? root.path : root.path + "/"
    guard allowOutside || file.path.hasPrefix(prefix) else {
      cursor.error(
        "\(quoted(written)) lies outside the folder of the suite",
        expected: "a path inside it",
        advice: "move the file, or allow it with --allow-outside"
      )
      return nil
    }
    return file.path
  }

  /// Reads the file that a suite names; nil, with a diagnostic, where that cannot be.
  func text(of cursor: Cursor, limit: Int = mostText) -> (text: String, name: String)? {
    guard let written = cursor.text("a path relative to the suite file", mayBeEmpty: false) else {
      return nil
    }
    guard let file = self.path(of: written, at: cursor) else { return nil }
    do throws(TextFile.Refusal) {
      let name = written.hasPrefix("/") || shownAs.isEmpty ? written : "\(shownAs)/\(written)"
      return (try TextFile.text(at: file, limit: limit), name)
    } catch {
      cursor.error("\(quoted(written)): \(error.message)", expected: error.expected)
      return nil
    }
  }
}
