#compdef search searcher
# Completion of `search` and `searcher` in zsh. For every shell to come:
#   searcher completion zsh >> ~/.zshrc        (or into a file _search in a folder of $fpath)
_searcher_complete() {
    local -a found open whole
    found=("${(@f)$(command "${words[1]%er}" --complete zsh "${(@Q)words[1,CURRENT-1]}" "$QIPREFIX$PREFIX" 2>/dev/null)}")
    open=(${(M)found:#*[^ ]}) whole=(${${(M)found:#* }% })
    (( $#open )) && compadd -U -V searcher -S '' -a open
    (( $#whole )) && compadd -U -V searcher -S ' ' -a whole
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _searcher_complete "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
    compdef _searcher_complete search searcher
fi
