import ArgumentParser
import Foundation
import TryoutReport

/// Whether GitHub Actions is told of a report, and how.
struct GitHubOptions: ParsableArguments {
  @Flag(
    name: .customLong("github"),
    help: "Tell GitHub Actions: annotations on stderr, the report in the job's summary.")
  var isWanted = false

  /// The most that GitHub takes of one step; a larger summary is dropped as a whole.
  private static let summaryLimit = 1024 * 1024

  /// Annotates verdict and gates and adds the report to the step's summary.
  func tell(_ report: Report, isDeciding: Bool = true) throws {
    Console.command(AnnotationRendering().render(report, isDeciding: isDeciding))
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty
    else {
      Console.say("GITHUB_STEP_SUMMARY is not set: there is no summary to write to.")
      return
    }
    do {
      try add(report, to: path)
    } catch let error as CocoaError {
      throw UserError(
        .cannotWrite, "The summary \(path) cannot be written: \(error.localizedDescription)")
    }
  }

  private func add(_ report: Report, to path: String) throws {
    var summary = (try? Data(contentsOf: URL(fileURLWithPath: path))) ?? Data()
    if !summary.isEmpty { summary.append(Data("\n".utf8)) }
    let rest = Self.summaryLimit - summary.count
    let text = MarkdownRendering(budget: rest).render(report)
    guard text.utf8.count <= rest else {
      Console.say("The step's summary is full (1 MiB): this report is not in it.")
      return
    }
    // In place: the runner has made the file and may not be followed to another one.
    try (summary + Data(text.utf8)).write(to: URL(fileURLWithPath: path))
  }
}
