#compdef hcom
# Completion of hcom for zsh. To have it in every shell, as a file in a folder of $fpath:
#   hcom completions zsh > ~/.zfunc/_hcom      (in ~/.zshrc, before compinit: fpath+=~/.zfunc)
# or, in ~/.zshrc:
#   eval "$(hcom completions zsh)"

_hcom() {
  local line word
  local -a found
  for line in ${(f)"$("${words[1]}" complete "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)"}; do
    case $line in
      :files) _files ;;
      :folders) _files -/ ;;
      *)
        word=${line%%$'\t'*}
        found+=("${word//:/\\:}${${line#$word}/$'\t'/:}")
        ;;
    esac
  done
  (( $#found )) && _describe -t hcom hcom found
}

if [[ $funcstack[1] == _hcom ]]; then
  _hcom "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _hcom hcom
fi
