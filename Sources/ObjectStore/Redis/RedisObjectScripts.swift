import Redis

/// The scripts that change objects. KEYS are those of ``RedisObjectKeys/all(_:)``, unless something else is said. ARGV[1] is the time in milliseconds
/// since 1970, or "" for the server's.
enum RedisObjectScripts {
  private static let begin = """
    local now = tonumber(ARGV[1])
    if not now then
      local time = redis.call('TIME')
      now = time[1] * 1000 + math.floor(time[2] / 1000)
    end
    local function whole(number) return string.format('%.0f', number) end
    local function parse(head) return string.match(head, '^(%x+) (%d+) (%d+) (%d+)$') end

    """

  private static let beginChange =
    begin + """
      local heads, expiry, ids, value, parts = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
      local name, id = ARGV[2], ARGV[3]
      local old = redis.call('HGET', heads, name)
      local oldVersion, oldExpires, oldSize, oldParts = '', '0', '0', '0'
      if old then oldVersion, oldExpires, oldSize, oldParts = parse(old) end
      local lives = tonumber(oldExpires) > now and redis.call('EXISTS', value) == 1
      local function dropOldParts()
        if oldParts == '0' then return '' end
        redis.call('ZADD', parts, 0, oldVersion .. ' ' .. oldParts)
        return oldVersion .. ' ' .. oldParts
      end

      """

  /// Stores an object, or prepares that if it has parts. ARGV from the second: name, ID, `begin` or `store`, the version that there must be or "",
  /// the new head, the capacity of the group, milliseconds for which parts may be written, whether Redis itself removes the object when it has
  /// expired, the value.
  ///
  /// Returns one of: `stored`, with version and number of the parts that the replaced object had; `begun`; `differs`, because the condition
  /// does not hold; `full`, with the bytes that are missing; `late`, because the parts may have been removed.
  ///
  /// The value is written first, because Redis refuses only the first of a script's writes when it has no memory left.
  static let put = RedisScript(
    beginChange + """
      local step, wanted, head, capacity, patience = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
      local version, expires, size, count = parse(head)
      local own = version .. ' ' .. count
      if lives and oldVersion == version then return 'stored' end
      if wanted ~= (lives and oldVersion or '') then return 'differs' end
      local grown = tonumber(size) - tonumber(oldSize)
      local excess = tonumber(redis.call('HGET', heads, 'bytes') or '0') + grown - capacity
      if grown > 0 and excess > 0 then return 'full ' .. whole(excess) end
      if step == 'begin' then
        redis.call('ZADD', parts, whole(now + patience), own)
        return 'begun'
      end
      if count ~= '0' and tonumber(redis.call('ZSCORE', parts, own) or '0') <= now then return 'late' end
      if ARGV[9] == '1' then
        redis.call('SET', value, ARGV[10], 'PX', whole(math.max(1, tonumber(expires) - now)))
      else
        redis.call('SET', value, ARGV[10])
      end
      local rest = dropOldParts()
      redis.call('ZREM', parts, own)
      redis.call('HSET', heads, name, head)
      redis.call('HINCRBY', heads, 'bytes', whole(grown))
      redis.call('ZADD', expiry, expires, name)
      redis.call('ZADD', ids, 0, id)
      return 'stored ' .. rest
      """)

  /// Removes an object. ARGV from the second: name, ID, the head that it must have or "". Returns 1 if it was there, and version and number of its
  /// parts or "".
  static let remove = RedisScript(
    beginChange + """
      if not old or ARGV[4] ~= '' and ARGV[4] ~= old then return {0, ''} end
      redis.call('UNLINK', value)
      local rest = dropOldParts()
      redis.call('HDEL', heads, name)
      redis.call('HINCRBY', heads, 'bytes', '-' .. oldSize)
      redis.call('ZREM', expiry, name)
      redis.call('ZREM', ids, id)
      return {lives and 1 or 0, rest}
      """)

  /// Returns name and head of the objects that have expired, and of those that expire next until they have some bytes together; a thousand at most.
  /// KEYS: heads, expiry. ARGV from the second: the bytes, the name of an object that is left out.
  static let oldest = RedisScript(
    begin + """
      local bytes, reply = tonumber(ARGV[2]), {}
      local all = redis.call('ZRANGE', KEYS[2], 0, 999, 'WITHSCORES')
      for place = 1, #all, 2 do
        if tonumber(all[place + 1]) > now and bytes <= 0 then break end
        local head = redis.call('HGET', KEYS[1], all[place])
        if not head then
          redis.call('ZREM', KEYS[2], all[place])
        elseif all[place] ~= ARGV[3] then
          local _, _, size = parse(head)
          bytes = bytes - tonumber(size)
          reply[#reply + 1] = all[place]
          reply[#reply + 1] = head
        end
      end
      return reply
      """)

  /// Returns a page of the IDs of a kind that have not expired, after what the next page begins with; "" if there is none. KEYS: IDs, expiry. ARGV
  /// from the second: the kind, the first and the last ID as ZRANGEBYLEX takes them, the most IDs.
  static let list = RedisScript(
    begin + """
      local ids = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[5])
      local reply = {#ids == tonumber(ARGV[5]) and '(' .. ids[#ids] or ''}
      local hasExpired = #redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', whole(now), 'LIMIT', 0, 1) > 0
      for _, id in ipairs(ids) do
        if not hasExpired or tonumber(redis.call('ZSCORE', KEYS[2], ARGV[2] .. ' ' .. id) or '0') > now then reply[#reply + 1] = id end
      end
      return reply
      """)

  /// Returns version and number of parts that may be removed, and that no object can take any more; a hundred at most. KEYS: parts.
  static let leftovers = RedisScript(
    begin + """
      local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', whole(now), 'LIMIT', 0, 100)
      for _, own in ipairs(due) do redis.call('ZADD', KEYS[1], 0, own) end
      return due
      """)
}
