import Foundation
import TryoutCore
import TryoutReport
import TryoutStore

/// A folder for report files, made and tried before anything is measured.
struct ReportFolder {
  let url: URL

  init(_ path: String) throws {
    url = URL(fileURLWithPath: path, isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw UserError(.cannotWrite, "The folder \(path) cannot be made: \(reason(error)).")
    }
    guard FileManager.default.isWritableFile(atPath: url.path) else {
      throw UserError(.cannotWrite, "The folder \(path) cannot be written.")
    }
  }

  /// Writes the formats that a suite names, or all of them.
  func write(_ report: Report, from store: Store, formats: [String]) throws {
    let formats = formats.isEmpty ? ["markdown", "csv", "json", "html", "junit"] : formats
    for format in formats {
      switch format {
      case "markdown": try write(MarkdownRendering().render(report), to: "report.md")
      case "json": try write(JSONRendering().render(report), to: "report.json")
      case "html": try write(HTMLRendering().render(report), to: "report.html")
      case "junit": try write(JUnitRendering().render(report), to: "junit.xml")
      case "csv":
        try write(CSVRendering().render(report), to: "targets.csv")
        if let baseline = report.baseline {
          try write(CSVRendering().render(baseline), to: "comparison.csv")
        }
        try write(store.csvOfSamples(of: report.run.id), to: "samples.csv")
        try write(store.csvOfAttempts(of: report.run.id), to: "attempts.csv")
      default: break
      }
    }
  }

  private func write(_ text: String, to name: String) throws {
    try writeFile(text, to: url.appendingPathComponent(name).path)
  }
}

/// Writes a file under a temporary name first, so that nobody ever reads half of it.
func writeFile(_ text: String, to path: String) throws {
  do {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
  } catch {
    throw UserError(.cannotWrite, "\(path) cannot be written: \(reason(error)).")
  }
}

extension Store {
  func csvOfSamples(of run: String) throws -> String {
    var text = CSVRendering.samplesHeader
    try forEachSample(of: run) { text += CSVRendering.row($0, run: run) }
    return text
  }

  func csvOfAttempts(of run: String) throws -> String {
    var text = CSVRendering.attemptsHeader
    try forEachAttempt(of: run) { text += CSVRendering.row($0, run: run) }
    return text
  }
}

private func reason(_ error: any Error) -> String {
  let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
  let sentence = (underlying ?? error as NSError).localizedDescription
  return sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
}
