import Foundation
import Synchronization
import TryoutCore

/// Runs programs that grade, and understands what they say.
///
/// A program gets one JSON object on stdin. Exit 0 is a pass, 1 a fail; anything else means that it could not grade. On
/// stdout it may say more: `{"pass": true, "score": 0.8, "reason": "…"}`, each of them optional.
struct ProgramGrader: Sendable {
  /// Where programs run: the folder of the suite.
  let folder: String

  /// For the programs of a suite file.
  init(besides suite: String) {
    folder = URL(fileURLWithPath: suite).deletingLastPathComponent().path
  }

  /// Grades one answer on a thread that may wait.
  func grade(_ program: Check.Program, _ input: String) async -> Grader.Finding {
    let flag = Flag()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          let run = ProgramRun(words: program.words, folder: folder, limit: program.limit) {
            flag.isRaised
          }
          continuation.resume(
            returning: ProgramGrader.finding(run.outcome(of: Array(input.utf8)), program))
        }
      }
    } onCancel: {
      flag.raise()
    }
  }

  private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
  }

  static func finding(_ outcome: ProgramRun.Outcome, _ program: Check.Program) -> Grader.Finding {
    let name = program.words.first ?? ""
    switch outcome {
    case .notStarted(let why): return .ungraded("\(name) cannot be started: \(why)")
    case .overdue: return .ungraded("\(name) was killed after \(program.limit.brief)")
    case .tooMuch: return .ungraded("\(name) prints more than \(ProgramRun.usualOutput >> 10) kB")
    case .cancelled: return .ungraded("\(name) was stopped")
    case .signalled(let signal): return .ungraded("\(name) was ended by signal \(signal)")
    case .exited(let code, let output, let errors):
      guard code == 0 || code == 1 else {
        let said = errors.oneLine(200)
        return .ungraded("\(name) exits with \(code)" + (said.isEmpty ? "" : ": \(said)"))
      }
      return finding(output, passes: code == 0, name)
    }
  }

  /// What stdout adds to the exit code; text that is not JSON is the reason.
  private static func finding(_ output: String, passes: Bool, _ name: String) -> Grader.Finding {
    let text = output.trimmingCharacters(in: .whitespacesAndNewlines)
    guard text.hasPrefix("{") else {
      return .rated(
        passes ? 1 : 0, passes: passes, text.isEmpty ? "\(name) says no" : text.oneLine(200))
    }
    guard let said = try? JSON(parsing: text.utf8) else {
      return .ungraded("\(name) prints no JSON")
    }
    var isPass = passes
    switch said["pass"] {
    case .bool(let value)?: isPass = passes && value
    case nil: break
    default: return .ungraded("the pass that \(name) prints is neither true nor false")
    }
    let score = said["score"].map { $0.double } ?? (isPass ? 1 : 0)
    guard let score, (0...1).contains(score) else {
      return .ungraded("the score that \(name) prints is no number from 0 to 1")
    }
    return .rated(score, passes: isPass, said["reason"]?.text?.oneLine(200) ?? "\(name) says no")
  }
}
