package import Drawing
import Pictures
import Synchronization
package import SystemCalls

/// The templates of a directory, and those that are built in.
///
/// A file `card.json` is the template `card`. It, its images and its fonts are looked at each time that it is asked for, so that the directory can
/// change at any time. What was read is kept as long as the files stay the same and there is room.
///
/// Safe to call from several threads.
package final class TemplateLibrary: Sendable {
  private let directory: String?
  private let clock: WallClock
  private let cache = Mutex<[String: Entry]>([:])

  /// A template, and the files that it was read from.
  private struct Entry {
    var template: Template
    var identities: [String: PictureFile.Identity]
    var byteCount: Int
    var lastUse: Int64
  }

  /// Templates that are kept, and the bytes that their pixels and fonts may have. At least the one that is used last is kept.
  private static let mostKept = 64
  private static let mostBytes = 64 << 20
  /// Files of a directory that are looked at for their names.
  private static let mostNames = 1000

  /// - Parameters:
  ///   - directory: its path; nil for only those that are built in. It is looked up each time, so it may be replaced.
  ///   - clock: that of the file system.
  package init(directory: String? = nil, clock: WallClock = .system) { (self.directory, self.clock) = (directory, clock) }

  /// A template.
  ///
  /// Takes some hundredths of a millisecond, unless it has to be read.
  package func template(_ name: String) throws(TemplateError) -> Template {
    if let known = known(name) { return known }
    do throws(TemplateError.Reason) {
      let source = try source(named: name)
      let files = TemplateFiles(directory: directory)
      let template = try source.template(files)
      if let identity = source.identity {
        let identities = files.identities.merging([source.file: identity]) { $1 }
        keep(Entry(template: template, identities: identities, byteCount: files.byteCount, lastUse: clock.now()))
      }
      return template
    } catch {
      throw TemplateError(name, error)
    }
  }

  /// Throws unless there is a template of that name without mistakes. Its images are not decoded, and its fonts not opened.
  package func check(_ name: String) throws(TemplateError) {
    if known(name) != nil { return }
    do throws(TemplateError.Reason) {
      _ = try source(named: name).template(TemplateFiles(directory: directory, reads: false))
    } catch {
      throw TemplateError(name, error)
    }
  }

  /// The names of all templates, in order.
  package var names: [String] {
    let own = directory.map { Self.fileNames(in: $0) } ?? []
    return Set(own.compactMap(TemplateSource.name(ofFile:)) + TemplateSource.builtInNames).sorted()
  }

  /// A template as it is written. It may be faulty.
  package func source(_ name: String) throws(TemplateError) -> TemplateSource {
    do throws(TemplateError.Reason) { return try source(named: name) } catch { throw TemplateError(name, error) }
  }

  /// The file of a template of the directory, even if it does not exist.
  package func fileSource(_ name: String) throws(TemplateError) -> TemplateSource {
    do throws(TemplateError.Reason) {
      guard let directory else { throw .file(.noDirectory) }
      return try TemplateSource(name, in: directory)
    } catch {
      throw TemplateError(name, error)
    }
  }

  private func source(named name: String) throws(TemplateError.Reason) -> TemplateSource {
    if let directory, try identity(of: name, in: directory) != nil { return try TemplateSource(name, in: directory) }
    guard let source = TemplateSource.builtIn(name) else { throw .unknown(names: names, hasDirectory: directory != nil) }
    return source
  }

  /// nil if there is no such file.
  private func identity(of name: String, in directory: String) throws(TemplateError.Reason) -> PictureFile.Identity? {
    do throws(PictureError.Reason) {
      return try PictureFile(TemplateSource.file(of: name), in: directory).identity
    } catch {
      switch error {
      case .unknown, .noName: return nil
      default: throw .file(error)
      }
    }
  }

  /// The names of files of a directory that are not hidden, in order.
  static func fileNames(in directory: String) -> [String] { (try? visibleNames(in: directory, atMost: mostNames).sorted()) ?? [] }

  // MARK: What is kept

  /// The templates that are kept, and the bytes of their pixels and fonts.
  package var kept: (count: Int, bytes: Int) { cache.withLock { ($0.count, $0.values.reduce(0) { $0 + $1.byteCount }) } }

  private func known(_ name: String) -> Template? {
    guard let directory, let entry = cache.withLock({ $0[name] }) else { return nil }
    for (file, identity) in entry.identities {
      guard let now = try? PictureFile(file, in: directory).identity, now == identity else { return nil }
    }
    let now = clock.now()
    cache.withLock { $0[name]?.lastUse = now }
    return entry.template
  }

  private func keep(_ entry: Entry) {
    guard entry.identities.values.allSatisfy({ $0.isSettled(at: entry.lastUse) }) else { return }
    cache.withLock { cache in
      cache[entry.template.name] = entry
      while cache.count > 1, cache.count > Self.mostKept || cache.values.reduce(0, { $0 + $1.byteCount }) > Self.mostBytes {
        guard let oldest = cache.min(by: { $0.value.lastUse < $1.value.lastUse })?.key else { break }
        cache[oldest] = nil
      }
    }
  }
}
