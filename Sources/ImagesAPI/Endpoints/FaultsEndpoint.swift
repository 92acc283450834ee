import FastCGI
import ImageGeneration
import JSON
import Simulation

/// GET /_fakeai/faults: every fault that can be asked for.
enum FaultsEndpoint {
  static let list: Route.Endpoint = { _, _, _ throws(APIError) in
    .now(.json(.object([("object", .string("list")), ("data", .array(Fault.allCases.map(json)))])))
  }

  private static func json(_ fault: Fault) -> JSONText {
    .object([("name", .string(fault.rawValue)), ("kind", .string(fault.kind.rawValue)), ("meaning", .string(fault.meaning))])
  }
}
