# Completion of `search` and `searcher` in fish. For every shell to come:
#   searcher completion fish > ~/.config/fish/completions/search.fish
#   ln -s search.fish ~/.config/fish/completions/searcher.fish
function __searcher_complete
    set -l words (commandline -opc)
    set -l search (string replace -r 'er$' '' -- $words[1])
    command $search --complete fish $words (commandline -ct) 2>/dev/null
end
complete -c search -f -k -a '(__searcher_complete)'
complete -c searcher -f -k -a '(__searcher_complete)'
