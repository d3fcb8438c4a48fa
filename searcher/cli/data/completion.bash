# Completion of `search` and `searcher` in bash. For every shell to come:
#   searcher completion bash >> ~/.bashrc
_searcher_complete() {
    local found
    COMPREPLY=()
    while IFS= read -r found; do
        COMPREPLY+=("$found")
    done < <(command "${1%er}" --complete bash "$COMP_WORDBREAKS" "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
}
complete -o nospace -o nosort -F _searcher_complete search searcher 2>/dev/null ||
    complete -o nospace -F _searcher_complete search searcher
