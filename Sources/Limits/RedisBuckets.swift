import Redis
import SystemCalls

/// Units to take from one limit, and the key of its bucket in Redis.
struct RedisTake: Sendable {
  let kind: RateLimitKind
  let owner: String
  let bucket: Bucket
  /// 0 only reads the bucket.
  var units: Int
  let key: String
}

/// What a script took from one bucket.
struct RedisDraw: Sendable {
  let status: RateLimitStatus
  /// Why the units were refused; nil if they were taken.
  let refusal: RateLimitRefusal?
}

/// Buckets in Redis: `Bucket` as a script, which reads, takes and stores in one step for all hosts.
///
/// Times are whole microseconds, because Lua's numbers are exact only up to 2^53. A key expires when its bucket is full.
enum RedisBuckets {
  /// Takes units from several buckets of one owner, in their order. After the first refusal, the others are only read.
  static func run(
    _ takes: [RedisTake], on client: RedisClient, at time: Int64?, receive: @escaping @Sendable (Result<[RedisDraw], RedisError>) -> Void
  ) {
    let terms = takes.flatMap { [RedisArgument($0.bucket.limit), RedisArgument($0.units)] }
    let now = time.map { RedisArgument($0 / 1000) } ?? ""
    let arguments = [RedisArgument(takes[0].bucket.refill.rawValue), now] + terms
    // A second run would take the units a second time.
    client.run(script, keys: takes.map(\.key), arguments, isIdempotent: takes.allSatisfy { $0.units == 0 }) { result in
      receive(
        result.flatMap { reply in
          let draws = zip(takes, reply.array ?? []).compactMap { RedisDraw($0, $1) }
          return draws.count == takes.count ? .success(draws) : .failure(.refused("the limits are in an unknown form"))
        })
    }
  }

  /// KEYS: the buckets. ARGV: the refill policy; the time in microseconds since 1970, or "" for the server's; the limit and the units of each
  /// bucket. Returns for each: 1 if the units were taken, the units that remain, and the microseconds until the bucket is full and until
  /// there are enough units.
  ///
  /// A state is the time at which the bucket will be full, or the time at which the minute began, a space and the units used in it.
  private static let script = RedisScript(
    """
    local now = tonumber(ARGV[2])
    if not now then
      local time = redis.call('TIME')
      now = time[1] * 1000000 + time[2]
    end
    local minute = 60000000
    local function ahead(time)
      local ahead = (tonumber(time) or 0) - now
      return ahead >= 0 and ahead <= 2 * minute and ahead or 0
    end
    local function keep(key, state, time)
      redis.call('SET', key, state, 'PX', math.ceil(time / 1000))
    end
    local refused = false
    local draws = {}
    for place, key in ipairs(KEYS) do
      local limit = tonumber(ARGV[1 + 2 * place])
      local units = refused and 0 or tonumber(ARGV[2 + 2 * place])
      local state = redis.call('GET', key)
      local taken, remaining, reset, wait = 1, 0, 0, 0
      if ARGV[1] == 'continuous' then
        local interval = math.floor(minute / limit)
        local longest = interval * limit
        local debt = math.min(ahead(state), longest)
        reset = debt + interval * units
        if reset > longest then
          taken, reset, wait = 0, debt, units > limit and debt or reset - longest
        elseif units > 0 then
          keep(key, string.format('%.0f', now + reset), reset)
        end
        remaining = math.floor((longest - reset) / interval)
      else
        local start, used = string.match(state or '', '^(%d+) (%d+)$')
        reset = start and ahead(start + minute) or 0
        used = reset > 0 and math.min(tonumber(used), limit) or 0
        if used + units > limit then
          taken, wait = 0, reset
        elseif units > 0 then
          if reset == 0 then start, reset = string.format('%.0f', now), minute end
          used = used + units
          keep(key, start .. ' ' .. used, reset)
        end
        remaining = limit - used
      end
      refused = refused or taken == 0
      draws[place] = {taken, remaining, reset, wait}
    end
    return draws
    """)
}

extension RedisDraw {
  /// - Parameter reply: what the script returns for one bucket.
  init?(_ take: RedisTake, _ reply: RedisReply) {
    let values = (reply.array ?? []).compactMap(\.integer)
    guard values.count == 4 else { return nil }
    status = RateLimitStatus(kind: take.kind, limit: take.bucket.limit, remaining: Int(values[1]), reset: .microseconds(values[2]))
    refusal = values[0] == 1 ? nil : RateLimitRefusal(status: status, requested: take.units, wait: .microseconds(values[3]))
  }
}

extension RateLimitReport {
  init(_ draws: [RedisDraw]) {
    self.init()
    for draw in draws {
      switch draw.status.kind {
      case .requests: requests = draw.status
      case .images: images = draw.status
      }
    }
  }
}
