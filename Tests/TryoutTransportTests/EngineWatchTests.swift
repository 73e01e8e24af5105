import Testing
import TryoutCore
import TryoutStatistics

@testable import TryoutTransport

struct EngineWatchTests {
  @Test func classesAreNeverMoreThanAnEighthTooHigh() throws {
    var random = SplitMix64(seed: 11)
    for _ in 0..<5000 {
      let value = Int64.random(
        in: 0...Int64.max >> Int64.random(in: 0...62, using: &random), using: &random)
      var histogram = LagHistogram()
      histogram.add(value)
      // A second, greater value, so that the first is not shown as the exact maximum.
      histogram.add(.max)
      let p50 = try #require(histogram.lag).p50
      #expect(p50 >= value)
      #expect(Double(p50) <= Double(value) * 1.125 + 1)
    }
  }

  @Test func quantilesAreNearestRanks() throws {
    var histogram = LagHistogram()
    #expect(histogram.lag == nil)
    for value in 1...200 { histogram.add(Int64(value) * 1000) }
    let lag = try #require(histogram.lag)
    #expect(lag.max == 200_000)
    #expect((100_000...112_500).contains(lag.p50))
    #expect((198_000...200_000).contains(lag.p99))
  }

  @Test func bytesWaitedSinceTheThreadLastLookedUnlessItSlept() {
    let slept = Awakening(asleep: 1_000_000, woken: 9_000_000, before: 900_000, due: nil)
    #expect(slept.readySince == 9_000_000)
    #expect(slept.lag == nil)
    let busy = Awakening(asleep: 1_000_000, woken: 1_004_000, before: 400_000, due: 5_000_000)
    #expect(busy.readySince == 400_000)
    #expect(busy.lag == nil)
  }

  @Test func aLateBeatShowsThatTheThreadHadNoProcessor() {
    let starved = Awakening(asleep: 1_000_000, woken: 9_000_000, before: 900_000, due: 3_000_000)
    #expect(starved.lag == 6_000_000)
    #expect(starved.readySince == 3_000_000)
    #expect(starved.asked == 9_000_000)
  }

  @Test func aBeatThatAThreadWasTooBusyToServeShowsForHowLong() {
    let busy = Awakening(
      asleep: 25_000_000, woken: 25_004_000, before: 9_000_000, due: 10_000_000)
    #expect(busy.lag == 15_004_000)
    #expect(busy.readySince == 9_000_000)
    // It asks now and is told at once.
    #expect(busy.asked == 25_004_000)
    #expect(EngineWatch.beat(after: busy.moment, from: 10_000_000) == 30_000_000)
    #expect(EngineWatch.beat(after: 30_000_000, from: 30_000_000) == 40_000_000)
  }

  /// It was told what was ready before it was stopped, and the rest has waited since.
  @Test func aThreadThatWasStoppedMayHaveAskedBefore() {
    let stopped = Awakening(asleep: 0, woken: 3_000_000_000, before: 0, due: 10_000_000)
    #expect(stopped.asked == 10_000_000)
    let next = Awakening(
      asleep: 3_000_010_000, woken: 3_000_020_000, before: stopped.asked, due: 3_010_000_000)
    #expect(next.readySince == 10_000_000)
    #expect(next.asked == 3_000_020_000)
  }

  @Test func exchangesInFlightAreCountedOverTime() {
    var watch = EngineWatch()
    watch.set(inFlight: 1, at: 1000)
    watch.set(inFlight: 3, at: 2000)
    watch.set(inFlight: 0, at: 4000)
    let record = watch.record(processorTime: 600)
    #expect(record.peakInFlight == 3)
    #expect(record.meanInFlight == 7000.0 / 3000)
    #expect(record.engineShare == 0.2)
    #expect(record.loopLag == nil)
  }

  @Test func nothingInFlightIsNoShareOfAnything() {
    let record = EngineWatch().record(processorTime: 600)
    #expect(record.engineShare == nil)
    #expect(record.meanInFlight == 0)
  }
}
