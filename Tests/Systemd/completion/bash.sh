# What bash offers for the words $1 behind the program's name, of which the last is being typed; it must have $2 among it.
. /usr/share/bash-completion/completions/fakeai-images
read -ra COMP_WORDS <<<"fakeai-images $1"
[[ $1 == "" || $1 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE="fakeai-images $1" COMP_POINT=${#COMP_LINE} COMP_TYPE=9
$(complete -p fakeai-images | sed 's/.*-F //; s/ .*//') fakeai-images "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}" | grep -e "$2"
