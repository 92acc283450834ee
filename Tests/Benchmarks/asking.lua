-- wrk's side of asking.py: the same request again and again, but in its body NUMBER gives way to 1, 2, 3… Or the same GETs in turn.
-- Arguments: the method, the paths with blanks between, the body (may be empty), and headers, each a name and a value.

local method, body, paths, headers, count = "", "", {}, {}, 0

function init(arguments)
  method, body = arguments[1], arguments[3]
  for path in arguments[2]:gmatch("%S+") do table.insert(paths, path) end
  for index = 4, #arguments, 2 do headers[arguments[index]] = arguments[index + 1] end
end

function request()
  count = count + 1
  return wrk.format(method, paths[count % #paths + 1], headers, body ~= "" and body:gsub("NUMBER", count) or nil)
end

-- What was measured, as JSON on the last line.
function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %f, "bytes": %d, "latency": %f, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
