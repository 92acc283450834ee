// swift-tools-version: 6.2
import PackageDescription

/// glibc's functions check the room that they write to, where the compiler knows it. Not for Swift, to which other headers would come. (What
/// else hardens the C targets are flags that would keep the package from being a dependency: see the Makefile.)
let fortified: [CSetting] = [.define("_FORTIFY_SOURCE", to: "3", .when(configuration: .release))]

let package = Package(
  name: "fakeai-images",
  products: [
    .executable(name: "fakeai-images", targets: ["fakeai-images"]),
    // `ImageGenerator` as a library. It exports the public part of Drawing and ImageStore, so that one import is enough.
    .library(name: "ImageGeneration", targets: ["ImageGeneration"]),
  ],
  dependencies: [
    // Commands, help and completions.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Flags over environment over defaults, in one reader.
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // Atomics in memory that other processes map: `UnsafeAtomic` documents this use, `Synchronization.Atomic` does not.
    .package(url: "https://github.com/apple/swift-atomics", from: "1.3.0"),
    // A heap of deadlines and a queue of jobs.
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    // `Errno` for typed throws at the edge of the operating system.
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [
    .systemLibrary(name: "CFastCGI", path: "Sources/CLibraries/CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
    .systemLibrary(name: "CFreeType", path: "Sources/CLibraries/CFreeType", pkgConfig: "freetype2", providers: [.apt(["libfreetype-dev"])]),
    .systemLibrary(name: "CFriBidi", path: "Sources/CLibraries/CFriBidi", pkgConfig: "fribidi", providers: [.apt(["libfribidi-dev"])]),
    .systemLibrary(name: "CHarfBuzz", path: "Sources/CLibraries/CHarfBuzz", pkgConfig: "harfbuzz", providers: [.apt(["libharfbuzz-dev"])]),
    .systemLibrary(name: "CDeflate", path: "Sources/CLibraries/CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CISAL", path: "Sources/CLibraries/CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
    .systemLibrary(
      name: "CUnibreak", path: "Sources/CLibraries/CUnibreak", pkgConfig: "libunibreak", providers: [.apt(["libunibreak-dev"])]),
    .systemLibrary(name: "CThai", path: "Sources/CLibraries/CThai", pkgConfig: "libthai", providers: [.apt(["libthai-dev"])]),
    // Reads GIF files in tests. giflib comes without pkg-config file.
    .systemLibrary(name: "CGIF", path: "Sources/CLibraries/CGIF", providers: [.apt(["libgif-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", path: "Sources/CLibraries/CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CWebP", path: "Sources/CLibraries/CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
    // Reads animated WebP files in tests.
    .systemLibrary(
      name: "CWebPDemux", path: "Sources/CLibraries/CWebPDemux", pkgConfig: "libwebpdemux", providers: [.apt(["libwebp-dev"])]),
    // zlib1g-dev comes with libpng-dev.
    .systemLibrary(name: "CZlib", path: "Sources/CLibraries/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CPNG", path: "Sources/CLibraries/CPNG", cSettings: fortified, linkerSettings: [.linkedLibrary("png16")]),
    .target(name: "CPOSIX", path: "Sources/CLibraries/CPOSIX", cSettings: fortified),
    .target(name: "CBytes", path: "Sources/CLibraries/CBytes", cSettings: fortified),

    .target(name: "CRingLayout", dependencies: ["CPOSIX"], path: "Sources/CLibraries/CRingLayout", cSettings: fortified),

    .target(name: "SystemCalls", dependencies: ["CPOSIX", .product(name: "SystemPackage", package: "swift-system")]),
    .target(
      name: "FastCGI",
      dependencies: [
        "CFastCGI", "CPOSIX", "CZlib", "SystemCalls",
        .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Hashing", dependencies: ["CISAL"]),
    .target(
      name: "Redis",
      dependencies: [
        "CPOSIX", "SystemCalls",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "SharedMemory",
      dependencies: [
        "CPOSIX", "CRingLayout", "Hashing", "SystemCalls",
        .product(name: "Atomics", package: "swift-atomics"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "Drawing", dependencies: ["CFreeType", "CFriBidi", "CHarfBuzz", "CThai", "CUnibreak", "Hashing"]),
    .target(name: "ImageCoding", dependencies: ["CBytes", "CDeflate", "CPNG", "CPOSIX", "CTurboJPEG", "CWebP", "Hashing"]),
    .target(name: "Answers"),
    .target(name: "JSON"),
    .target(name: "JSONSchema", dependencies: ["JSON"]),
    .target(name: "Spelling"),
    .target(name: "Multipart"),
    .target(
      name: "ImageStore",
      dependencies: [
        "Answers", "CPOSIX", "Redis", "SharedMemory", "SystemCalls", .product(name: "Atomics", package: "swift-atomics"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "ObjectStore",
      dependencies: [
        "Answers", "CPOSIX", "Hashing", "Redis", "SharedMemory", "SystemCalls", .product(name: "Atomics", package: "swift-atomics"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(name: "ImageGeneration", dependencies: ["Answers", "Drawing", "ImageCoding", "ImageStore", "JSON", "SystemCalls"]),

    // Files that are shown instead of drawn images.
    .target(
      name: "Pictures",
      dependencies: [
        "CPOSIX", "Drawing", "ImageCoding", "ImageGeneration", "Spelling", "SystemCalls",
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Layouts of drawn images, read from files.
    .target(
      name: "Templates",
      dependencies: [
        "Drawing", "ImageCoding", "ImageGeneration", "JSON", "Pictures", "Spelling", "SystemCalls",
      ]),

    // The mock's own behavior. Each keeps what the workers share in shared memory.
    .target(
      name: "Simulation",
      dependencies: [
        "Answers", "CPOSIX", "Hashing", "JSON", "Redis", "SharedMemory", "Spelling", "SystemCalls",
        .product(name: "Atomics", package: "swift-atomics"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
    .target(
      name: "Limits",
      dependencies: [
        "Answers", "Hashing", "JSON", "Redis", "SharedMemory", "Spelling", "SystemCalls",
        .product(name: "Atomics", package: "swift-atomics"),
      ]),
    .target(
      name: "Journal",
      dependencies: ["Answers", "Redis", "SharedMemory", "SystemCalls", .product(name: "DequeModule", package: "swift-collections")]),
    .target(
      name: "Metrics",
      dependencies: ["Hashing", "ImageStore", "SharedMemory", "SystemCalls", .product(name: "Atomics", package: "swift-atomics")]),

    .target(
      name: "OpenAIAPI",
      dependencies: [
        "Answers", "Drawing", "FastCGI", "Hashing", "ImageCoding", "ImageGeneration", "ImageStore", "JSON", "JSONSchema", "Journal",
        "Limits", "Metrics", "Multipart", "ObjectStore", "Pictures", "Simulation", "Spelling", "SystemCalls",
        "Templates",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(
      name: "fakeai-images",
      dependencies: [
        "Answers", "CPOSIX", "Drawing", "FastCGI", "ImageGeneration", "ImageStore", "JSON", "Journal", "Limits", "Metrics", "ObjectStore",
        "OpenAIAPI", "Pictures", "Redis", "SharedMemory", "Simulation", "Spelling", "SystemCalls", "Templates",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),

    // Our half of `make bench`; Tests/Benchmarks has the peers' half.
    .executableTarget(name: "Benchmarks", dependencies: ["Drawing", "ImageCoding", "CPNG"], path: "Tests/Benchmarks/Pictures"),
    .executableTarget(name: "RingBenchmarks", dependencies: ["RingTesting", "SharedMemory"], path: "Tests/Benchmarks/Ring"),
    .executableTarget(name: "RedisBenchmarks", dependencies: ["Redis", "RedisTesting"], path: "Tests/Benchmarks/Redis"),
    // Our half of `make decoders`; Tests/Decoders has the decoders.
    .executableTarget(
      name: "DrawnPictures",
      dependencies: ["Drawing", "ImageGeneration", "JSON", "Templates", .product(name: "SystemPackage", package: "swift-system")],
      path: "Tests/Decoders/Pictures"),

    // What the tests of the ring share: the model that it must follow, the judge of histories, processes and what they have in common.
    .target(
      name: "RingTesting",
      dependencies: [
        "Answers", "ImageStore", "SharedMemory", "SystemCalls", "CPOSIX", "CRingLayout",
        .product(name: "Atomics", package: "swift-atomics"),
      ],
      path: "Tests/RingTesting"),
    .executableTarget(
      name: "Storm",
      dependencies: [
        "RingTesting", "SharedMemory", "CPOSIX", "CRingLayout",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Atomics", package: "swift-atomics"),
      ], path: "Tests/Storm"),
    .testTarget(name: "FastCGITests", dependencies: ["FastCGI", "CPOSIX", "CZlib", "SystemCalls"]),
    .testTarget(name: "HashingTests", dependencies: ["Hashing"]),
    // Real servers for tests: one, a Cluster, Sentinels.
    .target(name: "RedisTesting", dependencies: ["CPOSIX", "Redis", "SystemCalls"], path: "Tests/RedisTesting"),
    .testTarget(name: "RedisTests", dependencies: ["Redis", "RedisTesting", "SystemCalls"]),
    .testTarget(
      name: "SharedMemoryTests", dependencies: ["SharedMemory", "Simulation", "Journal", "RingTesting", "CPOSIX", "CRingLayout"]),
    .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Hashing", "ImageCoding", "CPNG"], exclude: ["Golden"]),
    .testTarget(
      name: "ImageCodingTests", dependencies: ["Hashing", "ImageCoding", "CPNG", "CGIF", "CWebP", "CWebPDemux", "CPOSIX", "SystemCalls"],
      exclude: ["Uploads"]),
    .testTarget(name: "JSONTests", dependencies: ["JSON"]),
    .testTarget(name: "JSONSchemaTests", dependencies: ["JSON", "JSONSchema"]),
    .testTarget(name: "SpellingTests", dependencies: ["Spelling"]),
    .testTarget(name: "MultipartTests", dependencies: ["Multipart"], exclude: ["Bodies"]),
    .testTarget(
      name: "ImageStoreTests",
      dependencies: ["Answers", "RingTesting", "ImageStore", "Redis", "RedisTesting", "SharedMemory", "SystemCalls", "CPOSIX"]),
    .target(name: "ObjectStoreTesting", dependencies: ["Answers", "ObjectStore"], path: "Tests/ObjectStoreTesting"),
    .testTarget(
      name: "ObjectStoreTests",
      dependencies: ["Answers", "ObjectStore", "ObjectStoreTesting", "Redis", "RedisTesting", "RingTesting", "SystemCalls"]),
    .testTarget(name: "ImageGenerationTests", dependencies: ["RingTesting", "ImageGeneration", "Drawing", "ImageCoding", "ImageStore"]),
    .testTarget(
      name: "PicturesTests", dependencies: ["Pictures", "Drawing", "ImageCoding", "ImageGeneration", "CPNG", "SystemCalls"]),
    .testTarget(
      name: "TemplatesTests",
      dependencies: ["Templates", "Drawing", "ImageCoding", "ImageGeneration", "ImageStore", "JSON", "SystemCalls"]),
    .testTarget(
      name: "SimulationTests", dependencies: ["Answers", "Redis", "RedisTesting", "Simulation", "Hashing", "RingTesting", "SharedMemory"]),
    .testTarget(name: "LimitsTests", dependencies: ["Answers", "Redis", "RedisTesting", "RingTesting", "Limits", "SystemCalls"]),
    .testTarget(
      name: "JournalTests", dependencies: ["Answers", "Redis", "RedisTesting", "Journal", "RingTesting", "SharedMemory", "SystemCalls"]),
    .testTarget(
      name: "MetricsTests",
      dependencies: ["RingTesting", "Metrics", "SharedMemory", "SystemCalls", .product(name: "Atomics", package: "swift-atomics")]),
    .testTarget(
      name: "OpenAIAPITests",
      dependencies: [
        .product(name: "Logging", package: "swift-log"),
        "Answers", "OpenAIAPI", "Drawing", "FastCGI", "Hashing", "ImageCoding", "ImageGeneration", "ImageStore", "JSON", "Journal",
        "Limits", "Metrics", "ObjectStore", "ObjectStoreTesting", "Pictures", "Redis", "RedisTesting", "RingTesting", "SharedMemory",
        "Simulation",
        "SystemCalls", "Templates",
      ]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "RingTesting",
        "fakeai-images", "Drawing", "ImageGeneration", "ImageStore", "OpenAIAPI", "Redis", "JSON", "Limits", "Metrics", "SharedMemory",
        "Simulation", "SystemCalls",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ]),
  ]
)

// Links only with -sanitize=fuzzer, so it is there for `make fuzz` alone.
if Context.environment["FAKEAI_FUZZ"] != nil {
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Sources/CLibraries/CFuzzer"),
    .executableTarget(
      name: "Fuzz",
      dependencies: ["CFuzzer", "CZlib", "FastCGI", "Hashing", "ImageCoding", "ImageStore", "OpenAIAPI", "JSON", "Multipart"],
      path: "Tests/Fuzz", exclude: ["Seeds"]),
  ]
}

// Makes the archive of the documentation, for `make docs` alone.
if Context.environment["FAKEAI_DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"))
}

for target in package.targets where target.type == .regular || target.type == .executable || target.type == .test {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
  // Optimizing tests, which run once, takes longer than it wins. Those that look at every pixel or race for memory need it. Such a flag keeps a
  // package from being a dependency only if a product's target has it, and no product has tests.
  if target.type == .test, !["DrawingTests", "ImageCodingTests", "ImageGenerationTests", "SharedMemoryTests"].contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-Onone"]))
  }
  // Tests break memory on purpose.
  if target.type != .test, !["Storm", "RingTesting", "RedisTesting", "Fuzz"].contains(target.name) {
    target.swiftSettings?.append(.strictMemorySafety())
  }
}
