import Testing

@testable import fakeai_images

@Suite struct UnknownVariableTests {
  @Test(arguments: [
    ("FAKEAI_PROT", "FAKEAI_PORT"),
    ("FAKEAI_WORKER", "FAKEAI_WORKERS"),
    ("FAKEAI_PROFLIE", "FAKEAI_PROFILE"),
    ("FAKEAI_STORE_NAME", "FAKEAI_IMAGE_STORE_NAME"),
    ("FAKEAI_IMAGES_STORE_SIZE", "FAKEAI_IMAGE_STORE_SIZE"),
    ("FAKEAI_RETENTION_HOURS", "FAKEAI_IMAGE_RETENTION_HOURS"),
  ])
  func `a slip of the finger is answered with the name that was meant`(_ slip: String, _ meant: String) {
    #expect(UnknownVariable(name: slip).description == "\(slip) is not a setting and is ignored; did you mean \(meant)?")
  }

  @Test(arguments: ["FAKEAI_", "FAKEAI_X", "FAKEAI_API_KEY"])
  func `a name that resembles no setting is answered with the place of all names`(name: String) {
    #expect(UnknownVariable(name: name).description.hasSuffix("is ignored; see fakeai-images serve --help for the names of all settings"))
  }

  @Test func `settings, the worker's number and the variables of others are no slips`() {
    let names = Settings.table.map(\.variable) + [WorkerNumber.variable, "HOME", "FAKE_AI", "fakeai_port"]
    let environment = Dictionary(uniqueKeysWithValues: (names + ["FAKEAI_X"]).map { ($0, "1") })
    #expect(UnknownVariable.all(in: environment).map(\.name) == ["FAKEAI_X"])
  }
}
