# Completion of hcom for PowerShell 7. To have it in every shell, in $PROFILE:
#   hcom completions powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName hcom -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or $wordToComplete -eq '' } |
        Select-Object -Skip 1 | ForEach-Object { $_.ToString().Trim("'", '"') })
    $words += $wordToComplete.Trim("'", '"')
    & $commandAst.CommandElements[0].ToString() complete @words 2>$null | ForEach-Object {
        if ($_ -eq ':files' -or $_ -eq ':folders') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        } else {
            $word, $about = $_ -split "`t", 2
            # A bare @ has a meaning of its own here.
            $text = if ($word.StartsWith('@')) { "'$word'" } else { $word }
            if (-not $about) { $about = $word }
            [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $about)
        }
    }
}
