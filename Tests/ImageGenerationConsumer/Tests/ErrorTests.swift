import ImageGeneration
import Testing

/// A call that must fail, and what its error says.
struct Mistake: Sendable, CustomTestStringConvertible {
  /// The beginning of the error's description.
  var message: String
  var make: @Sendable (TemporaryStore) throws -> Void

  var testDescription: String { message }

  init(_ message: String, _ make: @escaping @Sendable (TemporaryStore) throws -> Void) {
    (self.message, self.make) = (message, make)
  }
}

@Suite struct ErrorTests {
  @Test(arguments: arguments + uploads + stores + fonts)
  func `a mistake is an error that says what is wrong, and does not speak of the server's settings`(mistake: Mistake) throws {
    let place = TemporaryStore()
    let error = try #require(#expect(throws: ImageGenerationError.self) { try mistake.make(place) })
    #expect(error.description.hasPrefix(mistake.message))
    #expect(!error.description.contains("FAKEAI_"))
  }

  private static let arguments = [
    Mistake("count is -1; allowed: 1 to 10") { place in
      _ = try ImageGenerator(configuration: place.configuration()).generate(ImageJob(prompt: "A lake"), count: -1)
    },
    Mistake("n is -1; allowed: 1 to 10") { place in
      _ = try ImageGenerator(configuration: place.configuration()).generate(prompt: "A lake", n: -1)
    },
    Mistake("sources is empty; allowed: at least one image, unless the operation is a generation") { place in
      _ = try ImageGenerator(configuration: place.configuration()).files(of: ImageJob(.edit, prompt: "A boat"))
    },
    Mistake("retentionHours is inf; allowed: above 0 and at most 8760") { place in
      _ = try ImageGenerator(configuration: place.configuration(retentionHours: .infinity))
    },
    Mistake("storeName is \"a/b\"; allowed: 1 to 32 of a-z, 0-9 and -") { _ in
      _ = try ImageGenerator(configuration: .init(storeName: "a/b"))
    },
    Mistake("storeSize is 0; allowed: 1048576 to 1099511627776 bytes") { place in
      _ = try ImageGenerator(configuration: place.configuration(size: 0))
    },
  ]

  private static let uploads = [
    Mistake("images.count is 0; allowed: 1 to 16") { _ in _ = try SourceImages(images: [[UInt8]]()) },
    Mistake("the image 1 is not usable: not a PNG, JPEG or WebP file") { _ in _ = try SourceImages(images: [[1, 2, 3]]) },
    Mistake("the image 1 is not usable: not a PNG, JPEG or WebP file") { _ in _ = try ImageRenderer().upscale([1, 2, 3]) },
    Mistake("the mask is not usable: it has no alpha channel") { _ in
      let file = try ImageRenderer().image(of: ImageJob(prompt: "A lake", size: .small))
      _ = try SourceImages(images: [file], mask: file)
    },
    Mistake("the mask is not usable: its size differs from the first image's") { _ in
      let renderer = try ImageRenderer()
      let file = try renderer.image(of: ImageJob(prompt: "A lake", size: .small))
      let mask = try renderer.image(of: ImageJob(prompt: "", size: PictureSize("64x64")!, isTransparent: true))
      _ = try SourceImages(images: [file], mask: mask)
    },
    Mistake("the markup is not usable: ") { _ in
      let file = try ImageRenderer().image(of: ImageJob(prompt: "A lake", size: .small))
      _ = try SourceImages(images: [file], markup: Array(file.prefix(100)))
    },
  ]

  private static let stores = [
    Mistake("an image of 2097152 bytes is larger than the whole store") { place in
      _ = try ImageGenerator(configuration: place.configuration(size: 1 << 20)).store([UInt8](repeating: 0, count: 2 << 20))
    },
    Mistake("the image store is full") { place in
      let generator = try ImageGenerator(configuration: place.configuration(size: 1 << 20, evictsWhenFull: false))
      for _ in 0..<8 { _ = try generator.store([UInt8](repeating: 0, count: 200_000)) }
    },
    Mistake("the image store's shared memory was removed") { place in
      let generator = try ImageGenerator(configuration: place.configuration())
      place.remove()
      _ = try generator.store([1, 2, 3])
    },
    Mistake("shared memory /fakeai-images-test-") { place in
      let generator = try ImageGenerator(configuration: place.configuration(size: 1 << 20))
      try withExtendedLifetime(generator) { _ = try ImageGenerator(configuration: place.configuration(size: 2 << 20)) }
    },
    Mistake("cannot use shared memory /fakeai-images-test-") { place in
      let generator = try ImageGenerator(configuration: place.configuration(retentionHours: 1, evictsWhenFull: false))
      try withExtendedLifetime(generator) { _ = try ImageGenerator(configuration: place.configuration(retentionHours: 2)) }
    },
  ]

  private static let fonts = [
    Mistake("cannot read the font file /nowhere.ttf") { _ in _ = try ImageRenderer(font: "/nowhere.ttf") },
    Mistake("cannot read the font file /nowhere.ttf") { place in
      _ = try ImageGenerator(configuration: .init(storeName: place.name, font: "/nowhere.ttf"))
    },
  ]
}
