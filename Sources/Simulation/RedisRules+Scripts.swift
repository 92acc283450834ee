import Redis

// The rules of all hosts in Redis. All keys are in one slot, so that each script sees and changes all of them at once:
//
//   <prefix>{rules}:documents                     hash: owner → text of its document
//   <prefix>{rules}:versions                      hash: owner → version by which the document came; "/all" → version of the rules as a whole
//   <prefix>{rules}:sessions                      set of the sessions that have a document or counts
//   <prefix>{rules}:counts:<version>:<session>    hash: index of a rule → its count, "turns <index>" → the turns of its pictures; for
//                                                 the session's own document, or for that of the file
//   <prefix>{rules}:hosts                         hash: host → version in force there, a space, milliseconds since 1970 of its last sign of life
//
// An owner is the name of a session, "" or "/file". A change increases the version of the whole, and is published: the version as text. A
// host that has put it in force publishes the version, a space and its name.

/// The names of what the rules keep in Redis.
struct RulesKeys: Sendable {
  let documents, versions, sessions, hosts, counts, channel: String

  init(prefix: String) {
    let rules = "\(prefix){rules}:"
    (documents, versions, sessions) = (rules + "documents", rules + "versions", rules + "sessions")
    (hosts, counts, channel) = (rules + "hosts", rules + "counts:", rules + "channel")
  }

  /// As the scripts expect them.
  var all: [String] { [documents, versions, sessions, hosts] }
}

enum RulesScripts {
  /// Counts and what is known of a host are removed when nothing has needed them for a week.
  private static let begin = """
    local documents, versions, sessions, hosts = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
    local counts, channel = ARGV[1], ARGV[2]
    local week = 604800000
    local function version(owner) return tonumber(redis.call('HGET', versions, owner) or '0') end
    local function countsOf(session, number) return counts .. string.format('%.0f', number) .. ':' .. session end
    local function forget(session)
      redis.call('DEL', countsOf(session, version(session)), countsOf(session, version('/file')))
    end
    local function change(known)
      local number = math.max(version('/all'), tonumber(known)) + 1
      redis.call('HSET', versions, '/all', string.format('%.0f', number))
      redis.call('PUBLISH', channel, string.format('%.0f', number))
      return number
    end
    local function put(owner, text, number)
      redis.call('HSET', documents, owner, text)
      redis.call('HSET', versions, owner, string.format('%.0f', number))
    end
    local function putMain(text, number)
      forget('')
      put('', text, number)
    end
    local function enter(session, most)
      if session == '' or redis.call('SISMEMBER', sessions, session) == 1 then return true end
      if redis.call('SCARD', sessions) >= tonumber(most) then
        for _, other in ipairs(redis.call('SMEMBERS', sessions)) do
          local hasDocument = redis.call('HEXISTS', versions, other) == 1
          if not hasDocument and redis.call('EXISTS', countsOf(other, version('/file'))) == 0 then redis.call('SREM', sessions, other) end
        end
        if redis.call('SCARD', sessions) >= tonumber(most) then return false end
      end
      redis.call('SADD', sessions, session)
      return true
    end
    local function leave(session)
      if redis.call('SREM', sessions, session) == 0 then return 0 end
      forget(session)
      redis.call('HDEL', documents, session)
      redis.call('HDEL', versions, session)
      return 1
    end

    """

  /// ARGV from the third: the version known to the host, the session, the document, the most sessions. Returns the version of the change, or
  /// 0 if there are too many sessions.
  static let put = RedisScript(
    begin + """
      local session = ARGV[4]
      if not enter(session, ARGV[6]) then return 0 end
      forget(session)
      local number = change(ARGV[3])
      put(session, ARGV[5], number)
      return number
      """)

  /// ARGV from the third: the version known to the host, the session, or "/all". Returns the version and the number of sessions that
  /// had rules or counts.
  static let restore = RedisScript(
    begin + """
      local had = 0
      if ARGV[4] == '/all' then
        for _, session in ipairs(redis.call('SMEMBERS', sessions)) do had = had + leave(session) end
      elseif ARGV[4] == '' then
        had = 1
      else
        had = leave(ARGV[4])
        if had == 0 then return {version('/all'), 0} end
      end
      local number = change(ARGV[3])
      if ARGV[4] == '/all' or ARGV[4] == '' then putMain(redis.call('HGET', documents, '/file') or '[]\\n', number) end
      return {number, had}
      """)

  /// Puts the file of a host in force, unless it is. ARGV from the third: the version known to the host, the document.
  static let load = RedisScript(
    begin + """
      if redis.call('HGET', documents, '/file') == ARGV[4] then return version('/all') end
      for _, session in ipairs(redis.call('SMEMBERS', sessions)) do
        if redis.call('HEXISTS', versions, session) == 0 then leave(session) end
      end
      local number = change(ARGV[3])
      put('/file', ARGV[4], number)
      putMain(ARGV[4], number)
      return number
      """)

  /// ARGV from the third: the version of a copy. Returns the version, and owner, version and text of each document, the texts only of those that
  /// the copy does not have; only the version if it is not newer.
  static let read = RedisScript(
    begin + """
      local known = tonumber(ARGV[3])
      local reply = {version('/all')}
      if reply[1] <= known then return reply end
      local all = redis.call('HGETALL', versions)
      for place = 1, #all, 2 do
        if all[place] ~= '/all' then
          local number = tonumber(all[place + 1])
          reply[#reply + 1] = {all[place], number, number > known and redis.call('HGET', documents, all[place])}
        end
      end
      return reply
      """)

  /// Writes all documents of a copy that is newer than what Redis has, because Redis has lost something. ARGV from the third: the version of
  /// the copy; owner, version and text of each document. Returns the version afterwards.
  static let rescue = RedisScript(
    begin + """
      if version('/all') >= tonumber(ARGV[3]) then return version('/all') end
      redis.call('DEL', documents, versions, sessions)
      redis.call('HSET', versions, '/all', ARGV[3])
      for place = 4, #ARGV, 3 do
        redis.call('HSET', versions, ARGV[place], ARGV[place + 1])
        redis.call('HSET', documents, ARGV[place], ARGV[place + 2])
        if ARGV[place] ~= '' and ARGV[place] ~= '/file' then redis.call('SADD', sessions, ARGV[place]) end
      end
      redis.call('PUBLISH', channel, ARGV[3])
      return tonumber(ARGV[3])
      """)

  /// Returns the name of each host that has given a sign of life in the last three seconds.
  static let census = RedisScript(
    begin + """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local reply = {}
      local all = redis.call('HGETALL', hosts)
      for place = 1, #all, 2 do
        if now - tonumber(string.match(all[place + 1], ' (%d+)$')) <= 3000 then reply[#reply + 1] = all[place] end
      end
      return reply
      """)

  /// A host's sign of life. ARGV from the third: its name, the version in force there. Returns the version in Redis, and the name and the
  /// version of each host that has given a sign of life in the last three seconds.
  static let beat = RedisScript(
    begin + """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      local before = string.match(redis.call('HGET', hosts, ARGV[3]) or '', '^%d+')
      redis.call('HSET', hosts, ARGV[3], ARGV[4] .. ' ' .. string.format('%.0f', now))
      redis.call('PEXPIRE', hosts, week)
      if before ~= ARGV[4] then redis.call('PUBLISH', channel, ARGV[4] .. ' ' .. ARGV[3]) end
      local reply = {version('/all')}
      local all = redis.call('HGETALL', hosts)
      for place = 1, #all, 2 do
        local number, seen = string.match(all[place + 1], '^(%d+) (%d+)$')
        if now - tonumber(seen) <= 3000 then
          reply[#reply + 1] = {all[place], tonumber(number)}
        elseif now - tonumber(seen) > 60000 then
          redis.call('HDEL', hosts, all[place])
        end
      end
      return reply
      """)

  /// Counts a request. ARGV from the third: the session, the version of its document, the most sessions, the owner of the document, the indices
  /// of the rules. Returns their counts, 0 if there are too many sessions, or nothing if the document is not in force any more.
  static let count = RedisScript(
    begin + """
      local session, number = ARGV[3], tonumber(ARGV[4])
      if version(ARGV[6]) ~= number then return {} end
      if not enter(session, ARGV[5]) then return 0 end
      local key = countsOf(session, number)
      local reply = {}
      for place = 7, #ARGV do reply[#reply + 1] = redis.call('HINCRBY', key, ARGV[place], 1) end
      redis.call('PEXPIRE', key, week)
      return reply
      """)

  /// Takes turns of a rule's pictures. ARGV from the third: the session, the version of its document, the most sessions, the owner of the
  /// document, the index of the rule, the number of turns. Returns the last turn, from 1; 0 if there are too many sessions, or nothing if the
  /// document is not in force any more.
  static let takeTurns = RedisScript(
    begin + """
      local session, number = ARGV[3], tonumber(ARGV[4])
      if version(ARGV[6]) ~= number then return {} end
      if not enter(session, ARGV[5]) then return 0 end
      local key = countsOf(session, number)
      local last = redis.call('HINCRBY', key, 'turns ' .. ARGV[7], ARGV[8])
      redis.call('PEXPIRE', key, week)
      return last
      """)
}
