-- Asks for images by ids that nobody was given: random ones, and neighbours of those in `arguments`, which are given.
-- Prints how many answers were other than 404.

local digits = "0123456789abcdef"

local function random_digits(count)
  local text = {}
  for index = 1, count do
    local digit = math.random(16)
    text[index] = digits:sub(digit, digit)
  end
  return table.concat(text)
end

local function with_sequence(id, sequence)
  return string.format("%012x", sequence) .. id:sub(13)
end

-- Sequence number, version and variant stand where ImageID has them: 12 digits, the 13th, the 17th.
local forgeries = {
  function(id) return random_digits(12) .. "8" .. random_digits(3) .. "8" .. random_digits(15) end,
  function(id) return id:sub(1, 13) .. random_digits(3) .. "8" .. random_digits(15) end,
  function(id) return id:sub(1, 31) .. digits:sub((tonumber(id:sub(32), 16) + math.random(15)) % 16 + 1, -1):sub(1, 1) end,
  function(id) return with_sequence(id, tonumber(id:sub(1, 12), 16) + 1) end,
  function(id) return id:sub(1, math.random(31)) end,
  function(id) return id .. random_digits(1) end,
}

local given = {}
found = 0

function init(arguments)
  math.randomseed(os.time())
  given = arguments
end

function request()
  local forge = forgeries[math.random(#forgeries)]
  return wrk.format("GET", "/images/" .. forge(given[math.random(#given)]) .. ".png")
end

function response(status)
  if status ~= 404 then found = found + 1 end
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function done(summary)
  local found = 0
  for _, thread in ipairs(threads) do found = found + thread:get("found") end
  print(string.format("requests %d, not 404: %d", summary.requests, found))
end
