import Answers
import ObjectStore

/// The files of the API: each is two objects of the store. A file is there as soon as its ``FileObject`` is.
struct FileShelf: Sendable {
  private let objects: any ObjectStore

  init(in objects: any ObjectStore) { self.objects = objects }

  /// Stores a new file.
  /// - Returns: the file, which has the bytes of the content.
  func add(_ file: FileObject, _ content: [UInt8]) -> ObjectAnswer<FileObject> {
    let (name, contentName) = (ObjectName(.file, file.id)!, ObjectName(.content, file.id)!)
    return objects.put(content, as: contentName, expires: file.end, where: .absent).flatMap { [objects] _ in
      objects.put(file.stored, as: name, expires: file.end, where: .absent).map { _ in file }
    }.recover { error in
      // Either may be there, if a server did not answer. The client does not wait for this.
      remove(file.id).then { _ in }
      return .ready(.failure(error))
    }
  }

  /// - Returns: nil if there is no file with that ID.
  func file(_ id: String) -> ObjectAnswer<FileObject?> {
    guard let name = ObjectName(.file, id) else { return .ready(.success(nil)) }
    return objects.object(name).map { $0.flatMap { FileObject(id: id, stored: $0.bytes) } }
  }

  /// A file with its content.
  func content(_ id: String) -> ObjectAnswer<(file: FileObject, bytes: [UInt8])?> {
    guard let name = ObjectName(.content, id) else { return .ready(.success(nil)) }
    return file(id).flatMap { [objects] file in
      guard let file else { return .ready(.success(nil)) }
      return objects.object(name).map { $0.map { (file, $0.bytes) } }
    }
  }

  /// - Returns: whether there was a file with that ID.
  func remove(_ id: String) -> ObjectAnswer<Bool> {
    guard let name = ObjectName(.file, id), let content = ObjectName(.content, id) else { return .ready(.success(false)) }
    return objects.remove(name).flatMap { [objects] wasThere in objects.remove(content).map { _ in wasThere } }
  }

  /// Removes contents that have had no ``FileObject`` for an hour, because a process died between the two, or a server did not answer. For a thread
  /// that may block.
  ///
  /// - Parameter now: nanoseconds since 1970.
  func removeOrphans(now: Int64) throws(ObjectStoreError) {
    // In this order, so that a file that is added meanwhile is none.
    let contents = try objects.ids(of: .content, prefix: "").wait()
    let files = Set(try ids().wait())
    for id in contents where !files.contains(id) && FileObject.creation(of: id).map({ $0 + Self.leastAge < now }) ?? false {
      if let name = ObjectName(.content, id) { _ = try objects.remove(name).wait() }
    }
  }

  /// Nanoseconds after which nobody is about to store the file.
  private static let leastAge: Int64 = 3600 * 1_000_000_000

  // MARK: - Lists

  /// The files of some IDs that satisfy a condition, in their order, up to a number of them.
  func files(_ ids: [String], atMost limit: Int, where isIncluded: @escaping @Sendable (FileObject) -> Bool) -> ObjectAnswer<[FileObject]> {
    files(ids[...], [], limit, isIncluded)
  }

  /// Read at a time. Of a server on a network, all of them are on their way together.
  private static let step = 256

  private func files(
    _ ids: ArraySlice<String>, _ found: [FileObject], _ limit: Int, _ isIncluded: @escaping @Sendable (FileObject) -> Bool
  ) -> ObjectAnswer<[FileObject]> {
    guard found.count < limit, !ids.isEmpty else { return .ready(.success(Array(found.prefix(limit)))) }
    return ObjectAnswer.all(ids.prefix(Self.step).map(file)).flatMap { files in
      self.files(ids.dropFirst(Self.step), found + files.compactMap { $0 }.filter(isIncluded), limit, isIncluded)
    }
  }

  /// The IDs of all files, the oldest first.
  func ids() -> ObjectAnswer<[String]> { objects.ids(of: .file, prefix: "") }
}

extension APIService {
  var fileShelf: FileShelf { FileShelf(in: objects) }
}
