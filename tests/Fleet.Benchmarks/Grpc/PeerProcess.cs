using System.Diagnostics;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>
/// A client or server in a process of its own, so that its garbage and its event loop do not load the other's. It ends when its input does:
/// also when this process is killed.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly string _name;

    private PeerProcess(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    public static PeerProcess Start(PeerKind kind, bool server)
    {
        ProcessStartInfo start = new(kind.FileName, server ? kind.ServerArguments : kind.ClientArguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in kind.Environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new UsageException($"{kind.FileName} did not start.");
        return new PeerProcess(process, $"{kind.Name} {(server ? "server" : "client")}");
    }

    public async Task<T> ReadAsync<T>()
    {
        using CancellationTokenSource limit = new(_patience);
        try
        {
            var line = await _process.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"The {_name} ended before its answer; what it wrote to stderr is above.");
            return PeerJson.Read<T>(line);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The {_name} did not answer within {_patience.TotalSeconds} s.");
        }
    }

    public async Task<T> AskAsync<T>(string question)
    {
        await _process.StandardInput.WriteLineAsync(question);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync<T>();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource grace = new(_grace);
        try
        {
            await _process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
