# Completion of hcom for bash 3.2 and later. To have it in every shell:
#   hcom completions bash > ~/.local/share/bash-completion/completions/hcom
# or, without the package bash-completion, in ~/.bashrc:
#   eval "$(hcom completions bash)"

_hcom() {
  local rest=${COMP_LINE:0:COMP_POINT} words=() word i current prefix line
  # Bash cuts words at @ : = too. What no blank separates belongs together.
  for ((i = 0; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $i -eq 0 || $rest == [[:space:]]* ]]; then
      rest=${rest#"${rest%%[![:space:]]*}"}
      words+=("$word")
    else
      words[${#words[@]} - 1]+=$word
    fi
    rest=${rest#"$word"}
  done
  if [[ $rest == [[:space:]]* ]]; then
    current=${rest#"${rest%%[![:space:]]*}"}
    words+=("$current")
  else
    words[${#words[@]} - 1]+=$rest
    current=${words[${#words[@]} - 1]}
  fi
  # Bash replaces only what stands behind its last cut; an @ is replaced, too.
  prefix=${current%"${current##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current") ;;
      :folders) while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$current") ;;
      *)
        word=${line%%$'\t'*}
        COMPREPLY+=("${word#"$prefix"}")
        continue
        ;;
    esac
    compopt -o filenames 2>/dev/null
  done < <("${COMP_WORDS[0]}" complete "${words[@]:1}" 2>/dev/null)
}

complete -F _hcom hcom
