import Foundation

/// Feeds one of the parts that read what others wrote with inputs that libFuzzer makes up.
///
/// `fuzz NAME OPTION… FOLDER…`: the name of a target, then what libFuzzer understands. libFuzzer
/// brings `main` and calls the two functions below.
enum Fuzz {
  private static let targets: [String: any FuzzTarget.Type] = [
    "body": BodyTarget.self,
    "chunk": ChunkTarget.self,
    "stream": StreamTarget.self,
    "suite": SuiteTarget.self,
    "wait": WaitTarget.self,
  ]

  static let target: any FuzzTarget.Type = {
    guard CommandLine.arguments.count > 1, let target = targets[CommandLine.arguments[1]] else {
      complain("name a target: \(targets.keys.sorted().joined(separator: ", "))")
      exit(64)
    }
    return target
  }()

  /// Ends the process, which makes the input a finding, unless the condition holds.
  static func require(_ holds: Bool, _ message: @autoclosure () -> String) {
    guard !holds else { return }
    complain(message())
    abort()
  }

  private static func complain(_ message: String) {
    FileHandle.standardError.write(Data("fuzz: \(message)\n".utf8))
  }
}

/// One part under test, with what must hold for any bytes.
protocol FuzzTarget: SendableMetatype {
  static func check(_ input: [UInt8])
}

/// Called once; takes the name of the target out of the arguments.
@c(LLVMFuzzerInitialize)
func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
  _ = Fuzz.target
  // libFuzzer insists on the name of the program in front.
  arguments.pointee[1] = arguments.pointee[0]
  arguments.pointee += 1
  count.pointee -= 1
  return 0
}

/// Called with each input, which is valid only during the call.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  Fuzz.target.check(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
