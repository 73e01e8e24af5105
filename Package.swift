// swift-tools-version: 6.2
import PackageDescription

// One section for each target and its tests, in the order in which they may import each other.
// Borders and reasons: ARCHITECTURE.md.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let flyingFox = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let flyingSocks = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "tryout",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "tryout", targets: ["tryout"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CCurl",
      pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),

    .target(name: "TryoutStatistics", swiftSettings: settings),
    .testTarget(
      name: "TryoutStatisticsTests", dependencies: ["TryoutStatistics"], swiftSettings: settings),

    .target(name: "TryoutCore", dependencies: ["TryoutStatistics"], swiftSettings: settings),
    .testTarget(
      name: "TryoutCoreTests",
      dependencies: ["TryoutCore", "TryoutStatistics"],
      swiftSettings: settings),

    .target(name: "TryoutSuite", dependencies: ["TryoutCore", yams], swiftSettings: settings),
    .testTarget(
      name: "TryoutSuiteTests",
      dependencies: ["TryoutCore", "TryoutSuite"],
      exclude: ["Golden"],
      swiftSettings: settings),

    .target(
      name: "TryoutTransport", dependencies: ["CCurl", "TryoutCore"], swiftSettings: settings),
    .testTarget(
      name: "TryoutTransportTests",
      dependencies: [
        "TryoutCore", "TryoutSimulator", "TryoutStatistics", "TryoutTransport",
      ],
      swiftSettings: settings),

    .target(name: "CStamps"),

    .target(
      name: "TryoutSimulator",
      dependencies: ["CStamps", flyingFox, flyingSocks, yams],
      swiftSettings: settings),
    .testTarget(
      name: "TryoutSimulatorTests", dependencies: ["CStamps", "TryoutSimulator"],
      swiftSettings: settings),
    .target(
      name: "TryoutStore", dependencies: ["TryoutCore", grdb, sqlite], swiftSettings: settings),
    .testTarget(
      name: "TryoutStoreTests",
      dependencies: ["TryoutCore", "TryoutStore", grdb],
      swiftSettings: settings),

    .target(
      name: "TryoutReport",
      dependencies: ["TryoutCore", "TryoutStatistics"],
      swiftSettings: settings),
    .testTarget(
      name: "TryoutReportTests",
      dependencies: ["TryoutCore", "TryoutReport", "TryoutStatistics"],
      exclude: ["Golden"],
      swiftSettings: settings),

    .target(
      name: "TryoutServer",
      dependencies: ["TryoutReport", flyingFox, flyingSocks],
      swiftSettings: settings),
    .testTarget(
      name: "TryoutServerTests",
      dependencies: ["TryoutCore", "TryoutReport", "TryoutServer"],
      swiftSettings: settings),

    .executableTarget(
      name: "tryout",
      dependencies: [
        "TryoutCore", "TryoutReport", "TryoutServer", "TryoutSimulator", "TryoutStatistics",
        "TryoutStore", "TryoutSuite", "TryoutTransport", argumentParser,
      ],
      swiftSettings: settings),
    .testTarget(
      name: "TryoutTLSTests",
      dependencies: ["TryoutCore", "TryoutSimulator", "TryoutTransport", "tryout"],
      swiftSettings: settings),
    .target(name: "CWarp", path: "Tests/CWarp"),
    .testTarget(
      name: "TryoutCommandTests",
      dependencies: ["CWarp", "tryout", "TryoutCore", "TryoutStore"],
      exclude: ["SDK"],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

// What `make fuzz` builds; ordinary builds do not see it.
if Context.environment["TRYOUT_FUZZ"] != nil {
  package.targets += [
    .executableTarget(
      name: "fuzz",
      dependencies: ["TryoutCore", "TryoutSuite", "TryoutTransport"],
      path: "Fuzz/Targets",
      swiftSettings: settings)
  ]
}

// What `make calibrate` builds; ordinary builds do not see it.
if Context.environment["TRYOUT_CALIBRATE"] != nil {
  package.targets += [
    .executableTarget(
      name: "calibrate",
      dependencies: ["TryoutCore", "TryoutStatistics"],
      path: "Calibration",
      swiftSettings: settings)
  ]
}

// What `make bench` builds.
if Context.environment["TRYOUT_BENCH"] != nil {
  package.targets += [
    .systemLibrary(name: "CEpoll", path: "Benchmarks/CEpoll"),
    .executableTarget(
      name: "bench",
      dependencies: ["CEpoll", "TryoutCore", "TryoutStore", "TryoutTransport", argumentParser],
      path: "Benchmarks/Bench",
      swiftSettings: settings),
  ]
}
