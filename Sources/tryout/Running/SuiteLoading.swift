import Foundation
import TryoutCore
import TryoutReport
import TryoutSimulator
import TryoutSuite

/// Reads a suite and says everything that is wrong with it; throws where that is an error.
func loadSuite(_ path: String, allowOutside: Bool) throws -> Suite {
  let result = SuiteReader.read(path: path, options: .forCommands(allowOutside: allowOutside))
  for diagnostic in result.diagnostics { Console.say(diagnostic.description) }
  guard var suite = result.suite else {
    let errors = result.diagnostics.count { $0.severity == .error }
    throw UserError(.usage, "\(path) has \(Format.count(errors, "error")).")
  }
  suite.takeSimulatedPrices()
  return suite
}

extension SuiteReader.Options {
  /// Reads simulators' scripts as well, so that a run does not meet their mistakes when it is under way.
  static func forCommands(allowOutside: Bool) -> SuiteReader.Options {
    SuiteReader.Options(allowOutside: allowOutside) { script in
      do throws(ScriptError) {
        _ = try Script(yaml: script)
        return nil
      } catch {
        return SuiteReader.ScriptProblem(
          line: error.line, column: error.column, sentence: error.sentence)
      }
    }
  }
}

private extension Suite {
  /// Gives simulated targets that the suite does not price the prices of their scripts, so that plans and budgets count
  /// what will be billed.
  mutating func takeSimulatedPrices() {
    for account in accounts where account.baseURL == nil {
      guard let text = account.script, let script = try? Script(yaml: text) else { continue }
      for index in targets.indices
      where targets[index].account == account.id && targets[index].price == nil
        && !targets[index].freeOnly
      {
        let each = script.personas[targets[index].model]?.costPerToken ?? 0
        if each > 0 { targets[index].price = Price(input: each, output: each) }
      }
    }
  }
}

extension Suite {
  /// Narrows a suite to some targets, keeping the suite's order.
  mutating func keepOnly(targets ids: [String]) throws {
    guard !ids.isEmpty else { return }
    for id in ids where !targets.contains(where: { $0.id == id }) {
      let known = targets.map(\.id).joined(separator: ", ")
      throw UserError(.usage, "There is no target \(id) in this suite; it has \(known).")
    }
    keepOnly(Set(ids))
    gates.removeAll { gate in gate.filter.target.map { !ids.contains($0) } ?? false }
  }

  /// Repeats everything so often, where a number is given; as in suites, more than ten million samples are a mistake.
  mutating func keepOnly(samples: Int?) throws {
    guard let samples else { return }
    let cells = targets.count * prompts.count * cases.count
    guard samples <= 10_000_000 / max(cells, 1) else {
      throw UserError(.usage, "--samples \(samples) is too many for \(cells) combinations.")
    }
    run.samples = samples
    run.adaptive = false
  }

  /// Refuses a load that became too high for a limit by narrowing the suite.
  func refuseOverload() throws {
    guard let overload else { return }
    throw UserError(.usage, "run.load: \(overload.message); expected \(overload.expected).")
  }

  /// Refuses checks that run programs, which only the user can allow.
  func refusePrograms() throws {
    guard let program = programs.first else { return }
    let more = programs.count > 1 ? " and \(Format.count(programs.count - 1, "more program"))" : ""
    throw UserError(
      .usage,
      "This suite's checks run `\(program.words.joined(separator: " "))`\(more) on this machine. Allow it with "
        + "--allow-exec if you trust the suite.")
  }
}
