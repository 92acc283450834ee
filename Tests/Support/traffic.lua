-- wrk's side of traffic.py. Arguments: what to ask for ("post" or "get"), the file by which the two sides share the URLs of pictures, and
-- for "post" the request's body, in which %PROMPT% gives way to another prompt each time.
--
-- "post" keeps the last pictures' paths in the file; "get" asks for these, so that what it asks for has not been evicted.

local KEPT, READ_AGAIN, WRITTEN_AGAIN = 64, 200, 20
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init(arguments)
  kind, file, body = arguments[1], arguments[2], arguments[3]
  statuses, workers, paths, asked, answered = {}, {}, {}, 0, 0
  math.randomseed(os.time() + number)
end

local function read_paths()
  local input = io.open(file)
  if not input then return end
  paths = {}
  for line in input:lines() do table.insert(paths, line) end
  input:close()
end

local function write_paths()
  local output = io.open(file .. ".new", "w")
  output:write(table.concat(paths, "\n"))
  output:close()
  os.rename(file .. ".new", file)
end

local function post()
  local prompt = string.format("load %d.%d: a serene lake at sunset, mountains behind", number, asked)
  return wrk.format("POST", "/v1/images/generations", { ["Content-Type"] = "application/json" }, (body:gsub("%%PROMPT%%", prompt)))
end

local function get()
  if asked % READ_AGAIN == 1 then read_paths() end
  return wrk.format("GET", #paths > 0 and paths[math.random(#paths)] or "/healthz")
end

function request()
  asked = asked + 1
  return kind == "post" and post() or get()
end

function response(status, headers, content)
  statuses[tostring(status)] = (statuses[tostring(status)] or 0) + 1
  local worker = headers["X-FakeAI-Worker"] or "none"
  workers[worker] = (workers[worker] or 0) + 1
  if kind ~= "post" or status ~= 200 then return end
  for path in content:gmatch("/images/%x+%.png") do
    answered = answered + 1
    paths[(answered - 1) % KEPT + 1] = path
  end
  if answered % WRITTEN_AGAIN == 1 and number == 1 then write_paths() end
end

-- The sums of all threads' counts, as JSON.
local function sums(name)
  local all, parts = {}, {}
  for _, thread in ipairs(threads) do
    for key, count in pairs(thread:get(name)) do all[key] = (all[key] or 0) + count end
  end
  for key, count in pairs(all) do table.insert(parts, string.format('"%s": %d', key, count)) end
  return "{" .. table.concat(parts, ", ") .. "}"
end

function done(summary, latency)
  local errors, places = summary.errors, {}
  for _, percentile in ipairs({ 50, 90, 99, 99.9, 100 }) do
    table.insert(places, string.format('"%g": %d', percentile, percentile < 100 and latency:percentile(percentile) or latency.max))
  end
  print(string.format(
    'TALLY {"requests": %d, "microseconds": %d, "bytes": %d, "latency": {%s}, "statuses": %s, "workers": %s, ' ..
      '"connect": %d, "read": %d, "write": %d, "timeout": %d}',
    summary.requests, summary.duration, summary.bytes, table.concat(places, ", "), sums("statuses"), sums("workers"),
    errors.connect, errors.read, errors.write, errors.timeout))
end
