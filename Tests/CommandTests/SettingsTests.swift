import OpenAIAPI
import Testing

@testable import fakeai_images

@Suite struct SettingsTests {
  @Test func `without flags and variables the defaults hold`() throws {
    #expect(try Settings(environment: [:]) == Settings())
  }

  @Test func `a flag wins over the environment, the environment over the default`() throws {
    let environment = ["FAKEAI_PORT": "8001", "FAKEAI_WORKERS": "3"]
    let settings = try Settings(flags: ["FAKEAI_PORT": "8002"], environment: environment)
    #expect(settings.port == 8002)
    #expect(settings.workers == 3)
    #expect(settings.hosts == Settings().hosts)
  }

  @Test func `an empty flag leaves the variable in force`() throws {
    #expect(try Settings(flags: ["FAKEAI_PORT": ""], environment: ["FAKEAI_PORT": "8001"]).port == 8001)
  }

  @Test func `a refusal names the flag where the flag gave the value`() {
    let refusal = #expect(throws: SettingRefusal.self) {
      try Settings(flags: ["FAKEAI_IMAGE_STORE_SIZE": "huge"], environment: ["FAKEAI_IMAGE_STORE_SIZE": "1G"])
    }
    #expect(
      refusal?.description == #"--image-store-size is "huge"; allowed: a size from 1M to 64G, such as 16777216, 256M or 1G"#)
  }

  @Test func `a refusal is one line whatever the value holds`() {
    let refusal = #expect(throws: SettingRefusal.self) { try Settings(environment: ["FAKEAI_HOST": "a\nb\u{1b}[2J"]) }
    #expect(refusal?.description.unicodeScalars.contains { $0.value < 0x20 } == false)
  }

  @Test(arguments: Settings.table) func `every default is allowed by its own row`(_ setting: Setting) throws {
    #expect(try Settings(environment: [setting.variable: setting.text(Settings())]) == Settings())
  }

  @Test(arguments: Settings.table) func `a meaning is ASCII, for the manual's generator leaves out all else`(_ setting: Setting) {
    #expect(setting.meaning.allSatisfy { $0.isASCII })
  }

  @Test func `a worker reads back what its pool resolved, and nothing else that begins like a setting`() throws {
    var settings = Settings()
    settings.imageRetentionHours = 0.000_01
    settings.imageStoreSize = 3 << 19
    settings.publicURL = "https://images.example.com"
    settings.urlStyle = .azureBlob
    settings.imageTimestamp = "2026-01-02 03:04:05"
    let environment = settings.environment(inheriting: ["HOME": "/root", "FAKEAI_PROT": "1", "FAKEAI_PORT": "1"])
    #expect(environment["HOME"] == "/root")
    #expect(environment["FAKEAI_PROT"] == nil)
    #expect(try Settings(environment: environment) == settings)
  }

  @Test func `each flag is named like its variable`() {
    #expect(Setting.imageStoreSize.flag == "--image-store-size")
    #expect(Setting.port.flag == "--port")
  }
}
