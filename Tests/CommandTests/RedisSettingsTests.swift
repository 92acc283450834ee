import Redis
import Testing

@testable import fakeai_images

@Suite struct RedisSettingsTests {
  private func refusal(_ environment: [String: String]) throws -> String? {
    let settings = try Settings(environment: environment)
    do throws(CommandFailure) { try settings.checkedRedisURL() } catch { return "\(error)" }
    return nil
  }

  @Test func `the address and the backend belong together`() throws {
    let url = ["FAKEAI_REDIS_URL": "redis://:s3cret@h"]
    let backend = ["FAKEAI_IMAGE_STORAGE_BACKEND": "redis"]
    #expect(try refusal([:]) == nil)
    #expect(try refusal(url.merging(backend) { $1 }) == nil)
    #expect(try refusal(backend)?.contains("FAKEAI_REDIS_URL is not set") == true)
    let alone = try #require(try refusal(url))
    #expect(alone.contains("FAKEAI_REDIS_URL is redis://:***@h:6379, but images are stored in memory") && !alone.contains("s3cret"))
  }

  @Test func `a store of several hosts cannot refuse images`() throws {
    let settings = [
      "FAKEAI_REDIS_URL": "redis://h", "FAKEAI_IMAGE_STORAGE_BACKEND": "redis", "FAKEAI_IMAGE_STORE_FULL": "refuse",
    ]
    #expect(try refusal(settings)?.contains("FAKEAI_IMAGE_STORE_FULL is refuse") == true)
  }

  @Test func `a worker gets the password`() throws {
    let settings = try Settings(environment: ["FAKEAI_REDIS_URL": "redis://u:p%40ss@h/1"])
    let inherited = try Settings(environment: settings.environment(inheriting: [:]))
    #expect(inherited == settings && inherited.redisURL?.url.password == "p@ss")
  }
}
