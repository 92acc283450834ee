-- wrk's side of a GET benchmark: the paths in a file, one a line, in turn. Argument: the file.

local paths, count = {}, 0

function init(arguments)
  for path in io.lines(arguments[1]) do paths[#paths + 1] = path end
end

function request()
  count = count + 1
  return wrk.format("GET", paths[count % #paths + 1])
end
