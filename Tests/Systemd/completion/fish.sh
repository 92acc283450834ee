fish -c "complete --do-complete 'fakeai-images $1'" | grep -e "$2"
