# fish completion for backdoor
function __backdoor_consoles
    backdoor --list -q 2>/dev/null | while read -l pid program user rest
        printf '%s\t%s\n' $program "process $pid of $user" $pid "$program of $user"
    end
end

complete -c backdoor -a '(__backdoor_consoles)'
complete -c backdoor -s c -l command -x -d 'Run CODE as python3 -c does'
complete -c backdoor -s f -l file -r -d 'Run FILE'
complete -c backdoor -s e -l expression -x -d 'Print the repr() of EXPR'
complete -c backdoor -l json -d 'Print what -e gives as JSON'
complete -c backdoor -s i -l interactive -d 'A prompt behind what runs'
complete -c backdoor -l timeout -x -d 'Give up after SECONDS'
complete -c backdoor -l list -d 'List the consoles on this machine'
complete -c backdoor -l wait -d 'Wait until the console is there'
complete -c backdoor -s q -l quiet -d 'No banner, no titles'
complete -c backdoor -l color -x -a 'always never auto' -d 'Colours at the prompt'
complete -c backdoor -l escape -x -d 'The key that leaves the prompt'
complete -c backdoor -l history -r -d 'Keep what is typed in FILE'
complete -c backdoor -l token-file -r -d 'Has the token as its line'
complete -c backdoor -l cert -r -d 'TLS, with this certificate'
complete -c backdoor -l key -r -d 'The private key of the certificate'
complete -c backdoor -l cafile -r -d 'TLS, has who issued the server\'s certificate'
complete -c backdoor -s h -l help -d 'What there is'
complete -c backdoor -l version -d 'Which one this is'
