import Answers
import Hashing
import ObjectStore
import SystemCalls

/// The uploads in a store, with their parts. Every worker sees the same ones.
///
/// A part is an object under the IDs of its upload and its own. When the upload is completed, the file is stored first, then the upload says so,
/// and then the parts go. A worker that dies in between leaves an upload that can still be completed, or parts that expire.
struct ChunkedUploadShelf: Sendable {
  let objects: any ObjectStore
  let clock: WallClock

  /// What comes of a request, unless the store fails.
  typealias Outcome<Value: Sendable> = ObjectAnswer<Result<Value, APIError>>

  private struct Found: Sendable {
    var upload: ChunkedUpload
    var version: ObjectVersion
  }

  func add(_ upload: ChunkedUpload) -> ObjectAnswer<ChunkedUpload> {
    objects.put(upload.stored, as: ObjectName(.upload, upload.id)!, expires: upload.end, where: .absent).map { _ in upload }
  }

  /// Stores a part of an upload.
  /// - Returns: the ID of the part.
  func addPart(_ bytes: [UInt8], to id: String) -> Outcome<String> {
    pending(id) { found in
      let upload = found.upload
      guard bytes.count <= upload.bytes else { return .failure(.partTooLarge(bytes.count, of: upload)) }
      return objects.ids(of: .part, prefix: ChunkedUpload.partPrefix(of: id)).flatMap { [objects] parts in
        guard parts.count < ChunkedUpload.mostParts else { return .failure(.tooManyParts(maximum: ChunkedUpload.mostParts)) }
        let part = ObjectName.newID(UploadPart.prefix, digits: 32, now: clock.now())
        return objects.put(bytes, as: ChunkedUpload.partName(part, of: id)!, expires: upload.endOfParts, where: .absent)
          .map { _ in .success(part) }
      }
    }
  }

  /// Makes a file of the parts.
  func complete(_ id: String, _ completion: UploadCompletion) -> Outcome<(ChunkedUpload, FileObject)> {
    pending(id) { found in
      contents(of: completion.parts[...], [], bytes: 0, of: found.upload).flatMap { contents in
        do throws(APIError) {
          let content = Self.joined(try contents.get())
          try completion.check(content, of: found.upload)
          return store(content, as: found)
        } catch {
          return .failure(error)
        }
      }
    }
  }

  func cancel(_ id: String) -> Outcome<ChunkedUpload> {
    pending(id) { found in end(found, as: .cancelled) }
  }

  // MARK: - Steps

  /// Goes on with an upload that waits for parts, or for its end.
  private func pending<Value>(_ id: String, _ goOn: @escaping @Sendable (Found) -> Outcome<Value>) -> Outcome<Value> {
    guard let name = ObjectName(.upload, id) else { return .failure(.noSuchUpload(id)) }
    return objects.object(name).flatMap { object in
      guard let object, let upload = ChunkedUpload(id: id, stored: object.bytes) else { return .failure(.noSuchUpload(id)) }
      guard upload.status == .pending else { return .failure(.uploadIsOver(upload)) }
      guard upload.endOfParts > clock.now() else { return .failure(.uploadHasExpired(id)) }
      return goOn(Found(upload: upload, version: object.version))
    }
  }

  /// The bytes of each part, as long as they are no more than the file has.
  ///
  /// - Parameter bytes: of those that were read.
  private func contents(
    of parts: ArraySlice<String>, _ contents: [[UInt8]], bytes: Int, of upload: ChunkedUpload
  ) -> Outcome<[[UInt8]]> {
    guard let part = parts.first else { return .success(contents) }
    guard let name = ChunkedUpload.partName(part, of: upload.id) else { return .failure(.noSuchPart(part, of: upload)) }
    return objects.object(name).flatMap { object in
      guard let object else { return .failure(.noSuchPart(part, of: upload)) }
      let bytes = bytes + object.bytes.count
      guard bytes <= upload.bytes else { return .failure(.wrongSize(bytes, of: upload, orMore: parts.count > 1)) }
      return self.contents(of: parts.dropFirst(), contents + [object.bytes], bytes: bytes, of: upload)
    }
  }

  private static func joined(_ contents: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(contents.reduce(0) { $0 + $1.count })
    for content in contents { bytes += content }
    return bytes
  }

  private func store(_ content: [UInt8], as found: Found) -> Outcome<(ChunkedUpload, FileObject)> {
    let upload = found.upload
    var file = FileObject(
      filename: upload.filename, purpose: upload.purpose, mediaType: upload.mediaType, bytes: content.count,
      lifetime: upload.fileLifetime, now: clock.now())
    file.id = upload.fileID
    return FileShelf(in: objects).add(file, content).flatMap { file in
      end(found, as: .completed).flatMap { ended in
        switch ended {
        case .success(let upload): .success((upload, file))
        case .failure(let error): withdraw(file, of: upload, because: error)
        }
      }
    }
  }

  /// Another request ended the upload first. Unless it has completed it, there must be no file.
  private func withdraw(_ file: FileObject, of upload: ChunkedUpload, because error: APIError) -> Outcome<(ChunkedUpload, FileObject)> {
    objects.object(ObjectName(.upload, upload.id)!).flatMap { object in
      let isCompleted = object.flatMap { ChunkedUpload(id: upload.id, stored: $0.bytes) }?.status == .completed
      return isCompleted ? .failure(error) : FileShelf(in: objects).remove(file.id).flatMap { _ in .failure(error) }
    }
  }

  /// Ends an upload, unless another request has, and removes its parts.
  private func end(_ found: Found, as status: ChunkedUpload.Status) -> Outcome<ChunkedUpload> {
    var upload = found.upload
    upload.status = status
    let name = ObjectName(.upload, upload.id)!
    return objects.put(upload.stored, as: name, expires: upload.end, where: .version(found.version)).flatMap { [upload] version in
      guard version != nil else { return .failure(.uploadChanges(upload.id)) }
      return objects.ids(of: .part, prefix: ChunkedUpload.partPrefix(of: upload.id)).flatMap { parts in
        ObjectAnswer.all(parts.compactMap { ObjectName(.part, $0) }.map(objects.remove)).map { _ in .success(upload) }
      }
    }
  }
}

extension UploadCompletion {
  /// Throws if the parts are not the file that was announced.
  fileprivate func check(_ content: [UInt8], of upload: ChunkedUpload) throws(APIError) {
    guard content.count == upload.bytes else { throw .wrongSize(content.count, of: upload) }
    if let md5 {
      let digest = MD5.hexadecimal(of: content)
      guard md5.lowercased() == digest else { throw .wrongChecksum(digest) }
    }
  }
}

extension Answer {
  fileprivate static func success<Success>(_ value: Success) -> Self where Value == Result<Success, APIError> {
    .ready(.success(.success(value)))
  }

  fileprivate static func failure<Success>(_ error: APIError) -> Self where Value == Result<Success, APIError> {
    .ready(.success(.failure(error)))
  }
}
