import Limits
import OpenAIAPI
import Pictures
import Simulation

extension Keyring {
  /// The keys of the file in the settings.
  init(settings: Settings) throws(CommandFailure) {
    guard let path = settings.keys else {
      self = .open
      return
    }
    do {
      try self.init(file: SettingFile.read(path, limit: Self.largestFile), profiles: Profile.allCases.map(\.rawValue))
    } catch {
      throw .usage("FAKEAI_KEYS: \(path): \(error)")
    }
  }
}

extension RuleDocument {
  /// The rules of the file in the settings.
  init(settings: Settings) throws(CommandFailure) {
    guard let path = settings.rules else {
      self = .empty
      return
    }
    do {
      try self.init(parsing: SettingFile.read(path, limit: Self.longest))
    } catch {
      throw .usage("FAKEAI_RULES: \(path): \(error)")
    }
  }
}

extension RuleDocument {
  /// What is wrong with the files that the rules show, in one line; nil if they can be shown.
  func problem(withPicturesOf settings: Settings) -> String? {
    do throws(RuleDocumentError) {
      try settings.pictureLibrary.check(self)
      return nil
    } catch {
      return "FAKEAI_RULES: \(settings.rules ?? ""): \(error)"
    }
  }
}

extension Settings {
  /// The files that can be shown; nil if the settings name no directory.
  var pictureLibrary: PictureLibrary? { pictures.map { PictureLibrary(directory: $0) } }
}
