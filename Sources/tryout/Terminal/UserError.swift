import ArgumentParser
import Foundation
import TryoutCore
import TryoutSimulator
import TryoutStore
import TryoutTransport

/// An error that ends a command: a sentence for the last line of stderr, and the exit code.
struct UserError: Error, CustomStringConvertible {
  enum Code: Int32 {
    case usage = 64
    case unavailable = 69
    case `internal` = 70
    case cannotWrite = 74
  }

  var code: Code
  var description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// The sentence and the code for anything that can be thrown.
  init(_ error: any Error) {
    switch error {
    case let error as UserError: self = error
    case let error as StoreError:
      self.init(error.isUsage ? .usage : .cannotWrite, error.description)
    case let error as Failure: self.init(.unavailable, error.message)
    case let error as TransportError: self.init(.internal, error.description)
    case let error as SimulatorError: self.init(.unavailable, error.description)
    default: self.init(.internal, "Internal error: \(error)")
    }
  }
}

/// Runs a command's body and turns what it throws into the last line of stderr and the exit code.
func reportingErrors(_ body: () async throws -> Void) async throws {
  CoreDumps.forbid()
  // A closed pipe is an error of its write and never a signal.
  signal(SIGPIPE, SIG_IGN)
  Console.occupyClosedStreams()
  do {
    try await body()
  } catch let code as ExitCode {
    throw code
  } catch {
    let failure = UserError(error)
    Console.say("tryout: \(failure.description)")
    throw ExitCode(failure.code.rawValue)
  }
}
