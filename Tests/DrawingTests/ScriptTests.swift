import Testing

@testable import Drawing

@Suite(.enabled(if: Font.find() != nil, "text is set in fonts"))
struct ScriptTests {
  @Test(arguments: ScriptSample.allCases)
  func `every script is written as it should be`(sample: ScriptSample) throws {
    let lettering = Lettering(font: Font.find())
    let size = sample == .mixed ? "1024x1024" : "256x256"
    try expectGolden("script-\(sample)", .mock(.mock(sample.prompt, size: size)), with: lettering)
  }
}
