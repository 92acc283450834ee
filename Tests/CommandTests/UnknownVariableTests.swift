import Testing

@testable import fakeai_images

@Suite struct UnknownVariableTests {
  @Test(arguments: [
    ("FAKEAI_PROT", "FAKEAI_PORT"),
    ("FAKEAI_WORKER", "FAKEAI_WORKERS"),
    ("FAKEAI_IMAGES_STORE_SIZE", "FAKEAI_IMAGE_STORE_SIZE"),
    ("FAKEAI_RETENTION_HOURS", "FAKEAI_IMAGE_RETENTION_HOURS"),
  ])
  func `a slip of the finger is answered with the name that was meant`(_ slip: String, _ meant: String) {
    #expect(UnknownVariable(name: slip).nearest == meant)
  }

  @Test func `settings, the worker's number and the variables of others are no slips`() {
    let names = Settings.table.map(\.variable) + [WorkerNumber.variable, "HOME", "FAKE_AI", "fakeai_port"]
    let environment = Dictionary(uniqueKeysWithValues: (names + ["FAKEAI_X"]).map { ($0, "1") })
    #expect(UnknownVariable.all(in: environment).map(\.name) == ["FAKEAI_X"])
  }

  @Test(arguments: [("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("PORT", "PROT", 2)])
  func `distance counts what is put in, taken out and replaced`(_ one: String, _ other: String, _ distance: Int) {
    #expect(one.editDistance(to: other) == distance)
    #expect(other.editDistance(to: one) == distance)
  }
}
