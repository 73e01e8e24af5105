/// What a raw server does with one request on a connection.
package enum Step: Sendable {
  case write(String)
  case writeBytes([UInt8])
  /// Writes the bytes again and again until the client hangs up, with milliseconds between.
  case flood([UInt8], every: Int = 0)
  /// Waits for milliseconds.
  case wait(Int)
  /// Waits until the client has read all that was written: what comes next is another read.
  case waitUntilRead
  /// Says that nothing more will be written, and goes on reading.
  case closeHalf
  /// Waits until the client has closed the connection.
  case waitForClose
  /// Closes the connection in good order.
  case close
  /// Resets the connection.
  case reset
}
