import FlyingSocks
import Foundation

/// FlyingFox's socket pool, with Nagle's algorithm switched off on every socket that waits in it.
///
/// With it on, the kernel would hold a small chunk back until the client has acknowledged the one
/// before, up to 40 ms later, and the pacing would be the kernel's and not the script's. Sockets
/// accepted from a listening socket inherit the option, and the listening socket waits first.
struct PromptPool<Base: AsyncSocketPool>: AsyncSocketPool {
  let base: Base

  func prepare() async throws {
    try await base.prepare()
  }

  func run() async throws {
    try await base.run()
  }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
    try await base.suspendSocket(socket, untilReadyFor: events)
  }
}
