import Answers
import FastCGI
import JSON
import ObjectStore
import SystemCalls
import Simulation

/// /v1/batches, /v1/batches/{batch} and /v1/batches/{batch}/cancel.
enum BatchesEndpoint {
  static let create: Route.Serve = { context throws(APIError) in
    let request = try BatchRequest(try context.jsonBody())
    let service = context.service
    let now = service.clock.now()
    var batch = Batch(
      id: ObjectName.newID("batch_", now: now), endpoint: request.endpoint, inputFile: request.inputFile, created: now,
      metadata: request.metadata, caller: try context.batchCaller(), time: try context.batchTime(), outputLife: request.outputLife)
    batch.moments[.expires] = batch.createdSeconds + Batch.window
    batch.goal = context.plan.fault?.batchGoal
    guard let name = ObjectName(.batch, batch.id) else { throw .serverError }
    let answer = service.objects.put(batch.document, as: name, expires: batch.expires, where: .absent)
    return try context.after(answer) { [batch] context, _ throws(APIError) in
      context.service.batchAlarm.ring()
      return .respond(.json(batch.json))
    }
  }

  static let list: Route.Serve = { context throws(APIError) in
    let query = try ObjectPageQuery(context)
    return try context.after(context.service.objects.ids(of: .batch, prefix: "")) { context, ids throws(APIError) in
      let (page, hasMore) = query.page(of: ids)
      let names = page.compactMap { ObjectName(.batch, $0) }
      return try context.after(context.service.objects.objects(names)) { _, found throws(APIError) in
        let batches = found.compactMap { $0.flatMap { Batch(document: $0.bytes) } }
        return .respond(.json(.page(batches.map { ($0.id, $0.json) }, hasMore: hasMore)))
      }
    }
  }

  static let retrieve: Route.Serve = { context throws(APIError) in
    try find(&context) { _, batch, _ throws(APIError) in .respond(.json(batch.json)) }
  }

  static let cancel: Route.Serve = { context throws(APIError) in try find(&context, cancel) }

  /// A batch that is being cancelled already is left as it is.
  private static func cancel(
    _ context: inout RequestContext, _ found: Batch, _ version: ObjectVersion
  ) throws(APIError) -> Reply.Action {
    var batch = found
    guard batch.cancel(at: context.service.seconds()) else {
      guard [.cancelling, .cancelled].contains(batch.status) else { throw .cannotCancel(batch) }
      return .respond(.json(batch.json))
    }
    guard let name = ObjectName(.batch, batch.id) else { throw .noSuchBatch(batch.id) }
    let answer = context.service.objects.put(batch.document, as: name, expires: batch.expires, where: .version(version))
    return try context.after(answer) { [batch] context, version throws(APIError) in
      // A worker has changed it meanwhile.
      guard version != nil else { return try find(&context, cancel) }
      context.service.batchAlarm.ring()
      return .respond(.json(batch.json))
    }
  }

  private static func find(
    _ context: inout RequestContext,
    _ goOn: @escaping @Sendable (inout RequestContext, Batch, ObjectVersion) throws(APIError) -> Reply.Action
  ) throws(APIError) -> Reply.Action {
    let id = Route.decoded(context.parameter)
    guard let name = ObjectName(.batch, id) else { throw .noSuchBatch(id) }
    return try context.after(context.service.objects.object(name)) { context, stored throws(APIError) in
      guard let stored, let batch = Batch(document: stored.bytes) else {
        guard context.service.configuration.inventsUnknownIDs else { throw .noSuchBatch(id) }
        return .respond(.json(Batch(inventedFor: id, now: context.service.clock.now()).json))
      }
      return try goOn(&context, batch, stored.version)
    }
  }
}

extension Batch {
  /// What stands for a batch that was never created: one that was cancelled at once.
  ///
  /// - Parameter now: nanoseconds since 1970.
  init(inventedFor id: String, now: Int64) {
    self.init(
      id: id, endpoint: BatchRequest.endpoints[0], inputFile: "file-none", status: .cancelled, created: now,
      caller: BatchCaller(profile: ""), time: .zero, outputLife: 0)
  }
}

extension Fault {
  /// The status in which the fault makes a batch end; nil for other faults.
  var batchGoal: Batch.Status? {
    switch self {
    case .batchFailed: .failed
    case .batchExpired: .expired
    default: nil
    }
  }
}
