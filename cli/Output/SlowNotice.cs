namespace Fleet.Cli.Output;

/// <summary>
/// After two seconds says how far something is: on a terminal in one line that changes each second, elsewhere in a line each quarter of a minute.
/// </summary>
internal sealed class SlowNotice(TextWriter errors, bool isTerminal, TimeProvider time)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _line = TimeSpan.FromSeconds(15);

    public async Task<T> WhileAsync<T>(Task<T> work, Func<string> text)
    {
        var started = time.GetTimestamp();
        using var over = new CancellationTokenSource();
        var width = 0;
        for (var pause = _patience; await Task.WhenAny(work, Task.Delay(pause, time, over.Token)) != work; pause = isTerminal ? _second : _line)
        {
            var line = PlainText.Of($"{text()} ({time.GetElapsedTime(started).TotalSeconds:0} s)");
            if (isTerminal)
            {
                await errors.WriteAsync($"\r{line.PadRight(width)}");
                width = line.Length;
            }
            else
            {
                await errors.WriteLineAsync(line);
            }
        }

        await over.CancelAsync();
        if (width > 0)
        {
            await errors.WriteAsync($"\r{new string(' ', width)}\r");
        }

        return await work;
    }
}
