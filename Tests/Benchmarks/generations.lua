-- wrk's side of a POST benchmark: every request has another prompt. Arguments: quality, and a name that this run's prompts begin with.

local quality, run, count

function init(arguments)
  quality, run, count = arguments[1], arguments[2], 0
end

function request()
  count = count + 1
  local prompt = string.format("%s: a serene lake at sunset, mountains behind, number %d", run, count)
  local body = string.format('{"model": "dall-e-3", "size": "1024x1024", "quality": "%s", "prompt": "%s"}', quality, prompt)
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, body)
end
