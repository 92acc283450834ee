import Limits
import OpenAIAPI
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
