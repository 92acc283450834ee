// swift-tools-version: 6.2
import PackageDescription

// A user of the library: a package of its own, which sees only what is public. Its tests are examples to copy.
let package = Package(
  name: "ImageGenerationConsumer",
  // SwiftPM names a package after its folder, unless a name is given. So this works in a clone of any name, except that of this folder.
  dependencies: [.package(name: "fakeai-images", path: "../..")],
  targets: [
    .testTarget(
      name: "ConsumerTests",
      dependencies: [.product(name: "ImageGeneration", package: "fakeai-images")],
      path: "Tests",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
      ])
  ]
)
