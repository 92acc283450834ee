#!/usr/bin/env bash
# Starts fakeai-images as the inputs of action.yml say, waits until it is ready, and tells its address to the steps that follow.
set -euo pipefail

# Annotates the workflow's run with the message.
fail() {
  echo "::error title=fakeai-images::$1"
  exit 1
}

url=http://127.0.0.1:$INPUT_PORT
log=$RUNNER_TEMP/fakeai-images.log

settings=()
while IFS= read -r line; do
  line=${line//$'\r'/}
  [[ $line =~ ^[[:space:]]*(#.*)?$ ]] && continue
  [[ $line =~ ^[[:space:]]*(FAKEAI_[A-Z_]+=.*)$ ]] || fail "settings has the line '$line': expected FAKEAI_NAME=value"
  settings+=("${BASH_REMATCH[1]}")
done <<<"$INPUT_SETTINGS"

if [[ -n $INPUT_IMAGE && -n $INPUT_DEB ]]; then
  fail "image and deb are both given: give one of them"
elif [[ -n $INPUT_IMAGE ]]; then
  # Later steps reach the container through Docker's bridge, so from a private network. The port is open to this machine only.
  options=(--env FAKEAI_HOST=0.0.0.0 --env FAKEAI_PORT=8000 --env "FAKEAI_INSIDERS=10.0.0.0/8,172.16.0.0/12,192.168.0.0/16")
  for setting in "${settings[@]}"; do options+=(--env "$setting"); done
  docker run --name fakeai-images --publish "127.0.0.1:$INPUT_PORT:8000" --shm-size 512m "${options[@]}" "$INPUT_IMAGE" >"$log" 2>&1 &
elif [[ -n $INPUT_DEB ]]; then
  sudo apt-get update -qq
  sudo apt-get install -qq --yes --no-install-recommends "$(realpath "$INPUT_DEB")"
  # A pool of the runner's own user, which ends with the job, instead of the package's service.
  sudo systemctl stop fakeai-images.target nginx
  env "${settings[@]}" fakeai-images serve --port "$INPUT_PORT" >"$log" 2>&1 &
else
  fail "neither image nor deb is given: name a container image or a Debian package"
fi
server=$!

deadline=$((SECONDS + INPUT_TIMEOUT))
until curl --silent --fail --output /dev/null --max-time 2 "$url/readyz"; do
  if ! kill -0 "$server" 2>/dev/null || ((SECONDS >= deadline)); then
    tail -n 20 "$log"
    fail "$url is not ready; see the server's last lines above"
  fi
  sleep 0.2
done

# The server outlives this step, without the step's standard output.
disown "$server"
{
  echo "url=$url"
  echo "base-url=$url/v1"
} >>"$GITHUB_OUTPUT"
echo "fakeai-images is ready at $url"
