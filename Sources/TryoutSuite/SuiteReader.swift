package import TryoutCore

/// Turns a suite file into a validated `Suite`, or into everything that is wrong with it.
package enum SuiteReader {
  package struct Options: Sendable {
    /// Whether the suite may name files outside its own folder.
    package var allowOutside: Bool
    /// What is wrong with a simulator's script, which is not this module's to read; nil where nothing is.
    package var scriptProblem: (@Sendable (_ script: String) -> ScriptProblem?)?

    package init(
      allowOutside: Bool = false,
      scriptProblem: (@Sendable (_ script: String) -> ScriptProblem?)? = nil
    ) {
      self.allowOutside = allowOutside
      self.scriptProblem = scriptProblem
    }
  }

  /// A mistake in a simulator's script, with its line and column from 1.
  package struct ScriptProblem: Sendable {
    package var line: Int
    package var column: Int
    package var sentence: String

    package init(line: Int, column: Int, sentence: String) {
      self.line = line
      self.column = column
      self.sentence = sentence
    }
  }

  package struct Result: Sendable {
    /// Nil wherever a diagnostic is an error.
    package var suite: Suite?
    /// In the order of the file; those about files that the suite names come last.
    package var diagnostics: [Diagnostic]
  }

  /// Larger files are refused before they are read.
  private static let mostBytes = 4 << 20

  /// Reads a file.
  ///
  /// Never throws: a file that cannot be read is a diagnostic as well.
  package static func read(path: String, options: Options = Options()) -> Result {
    do throws(TextFile.Refusal) {
      let text = try TextFile.text(at: path, limit: mostBytes)
      let slash = path.lastIndex(of: "/")
      let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
      return read(text: text, file: path, folder: folder, options: options)
    } catch {
      let collector = Collector()
      collector.error(error.message, at: Place(file: path), expected: error.expected)
      return Result(suite: nil, diagnostics: collector.sorted(suiteFile: path))
    }
  }

  /// Reads a text as if it were the file of that name, whose paths begin at `folder`.
  package static func read(
    text: String,
    file: String,
    folder: String,
    options: Options = Options()
  ) -> Result {
    let collector = Collector()
    let shownAs = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
    let place = SuiteFolder(path: folder, shownAs: shownAs, allowOutside: options.allowOutside)
    var suite: Suite?
    if let root = Document.root(of: text, file: file, collector: collector) {
      var reader = Reader(
        folder: place, collector: collector, scriptProblem: options.scriptProblem)
      suite = reader.suite(from: root)
    }
    return Result(
      suite: collector.hasErrors ? nil : suite,
      diagnostics: collector.sorted(suiteFile: file)
    )
  }
}
