# zsh completes in its line editor only, which wants a terminal: the words $1 and a tabulator are typed, and $2 must come back.
timeout 20 zsh -f -c '
  zmodload zsh/zpty
  zpty shell "TERM=dumb zsh -f -i"
  zpty -w shell "autoload -Uz compinit && compinit -D && print is ready | tr a-z A-Z"
  zpty -r -m shell line "*IS READY*"
  zpty -w -n shell "fakeai-images $1"$'"'\t\t'"'
  zpty -r -m shell line "*$2*"
' zsh "$1" "$2"
