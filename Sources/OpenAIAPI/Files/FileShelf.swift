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
      switch objects.put(file.stored, as: name, expires: file.end, where: .absent) {
      case .ready(let result): Self.finished(file, result, contentName, objects)
      case .pending(let start):
        .pending { receive in start { result in Self.finished(file, result, contentName, objects).then(receive) } }
      }
    }
  }

  /// Without its ``FileObject``, the content is of no use.
  private static func finished(
    _ file: FileObject, _ result: Result<ObjectVersion?, ObjectStoreError>, _ content: ObjectName, _ objects: any ObjectStore
  ) -> ObjectAnswer<FileObject> {
    switch result {
    case .success: .ready(.success(file))
    case .failure(let error): objects.remove(content).flatMap { _ in .ready(.failure(error)) }
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
