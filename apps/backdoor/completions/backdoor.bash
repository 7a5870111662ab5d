# bash completion for backdoor
_backdoor() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local options='-c --command -f --file -e --expression --json -i --interactive --timeout --list
        --wait -q --quiet --color --escape --history --token-file --cert --key --cafile
        --help --version'
    local word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -- ]] && return
    done
    case $previous in
        -f | --file | --history | --token-file | --cert | --key | --cafile)
            compopt -o filenames
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            return ;;
        --color)
            mapfile -t COMPREPLY < <(compgen -W 'always never auto' -- "$current")
            return ;;
        -c | --command | -e | --expression | --timeout | --escape)
            return ;;
    esac
    if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    elif [[ $current == */* ]]; then
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    else
        # Programs and processes.
        mapfile -t COMPREPLY < <(compgen -W "$(backdoor --list -q 2>/dev/null |
            while read -r pid program _; do echo "$program $pid"; done)" -- "$current")
    fi
}
complete -F _backdoor backdoor
