# Completion of hcom for fish. To have it in every shell:
#   hcom completions fish > ~/.config/fish/completions/hcom.fish

function __hcom_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    for line in ($before[1] complete $before[2..] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current"
            case '*'
                echo -- $line
        end
    end
end

complete -c hcom -f -k -a '(__hcom_complete)'
