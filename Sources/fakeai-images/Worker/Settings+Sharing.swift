import Limits
import OpenAIAPI
import Pictures
import Simulation
import Templates

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
  /// What is wrong with the files that the rules name, in one line; nil if they can be used.
  func problem(withFilesOf settings: Settings) -> String? {
    do throws(RuleDocumentError) {
      try settings.pictureLibrary.check(self)
      try settings.templateLibrary.check(self)
      return nil
    } catch {
      return "FAKEAI_RULES: \(settings.rules ?? ""): \(error)"
    }
  }
}

extension Settings {
  /// The files that can be shown; nil if the settings name no directory.
  var pictureLibrary: PictureLibrary? { pictures.map { PictureLibrary(directory: $0) } }

  /// The templates of the directory that the settings name, and those that are built in.
  var templateLibrary: TemplateLibrary { TemplateLibrary(directory: templates) }

  /// What is wrong with the template that the settings name, in one line; nil if it can be used.
  var templateProblem: String? {
    guard let name = templateInUse else { return nil }
    do throws(TemplateError) {
      _ = try templateLibrary.template(name)
      return nil
    } catch {
      return "FAKEAI_TEMPLATE is \(error)"
    }
  }

  /// The template of images for which nothing else is said.
  var templateInUse: String? { template == "none" ? nil : template }
}
