#if os(Linux)
import CWarp
import Foundation
import Testing

/// A clock for programs that are started with its environment: it runs sixty times as fast, and can be set.
///
/// Whatever they ask the time of, sleep on or wait for goes by it; see Tests/CWarp.
final class Warp: Sendable {
  static let speed = 60.0

  /// Read by other programs, and written by one test.
  private nonisolated(unsafe) let memory: UnsafeMutablePointer<warp>
  private let path: String

  private let interposer: String

  /// Begins at an hour of the first of several days; compiles what stands before the clocks.
  init(in folder: ScratchFolder, hour: Int) async throws {
    interposer = folder.path("libwarp.so")
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../CWarp").standardized.path
    // Swift's own, wherever it was put.
    let build = try await Command(
      ["clang", "-shared", "-fPIC", "-I\(source)/include", "-o", interposer, "\(source)/warp.c"],
      program: URL(filePath: "/usr/bin/env"), in: folder,
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
    ).end()
    try #require(build.code == 0, "\(build.errors)")
    let path = folder.path("warp")
    self.path = path
    let now = warp(
      speed: Warp.speed, set: 0, real: Warp.nanoseconds(CLOCK_REALTIME),
      monotonic: Warp.nanoseconds(CLOCK_MONOTONIC))
    try withUnsafeBytes(of: now) { try Data($0).write(to: URL(fileURLWithPath: path)) }
    let file = open(path, O_RDWR)
    defer { close(file) }
    let size = MemoryLayout<warp>.size
    guard let bytes = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0),
      bytes != MAP_FAILED
    else { throw POSIXError(.ENOMEM) }
    let memory = bytes.assumingMemoryBound(to: warp.self)
    self.memory = memory
    // 2030-01-01, and the hour.
    memory.pointee.set = (1_893_456_000 + Int64(hour) * 3600) * 1_000_000_000 - now.real
  }

  deinit { munmap(memory, MemoryLayout<warp>.size) }

  var environment: [String: String] {
    ["LD_PRELOAD": interposer, "WARP": path]
  }

  /// What the wall clock says, in nanoseconds since 1970.
  var now: Int64 {
    let real = Warp.nanoseconds(CLOCK_REALTIME) - memory.pointee.real
    return memory.pointee.real + Int64(Double(real) * Warp.speed) + memory.pointee.set
  }

  /// Sets the wall clock, as people and time servers do.
  func set(by seconds: Int64) { memory.pointee.set += seconds * 1_000_000_000 }

  /// Sets it to an hour of the next day.
  func sleepUntilTomorrow(at hour: Int64) {
    let day = Int64(86_400) * 1_000_000_000
    let tomorrow = (now / day + 1) * day + hour * 3_600_000_000_000
    memory.pointee.set += tomorrow - now
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
#endif
