using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>One run of <c>arecord</c>: its sound, and what it says when it fails. Killed on dispose, with whatever it started.</summary>
internal sealed class ArecordProcess : IAsyncDisposable
{
    private const string Program = "arecord";
    private const int MaxLineLength = 300;

    // What a program says before it dies is worth a moment; one whose pipe stays open must not hold the agent.
    private static readonly TimeSpan _lastWordsTimeout = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly Stream _sound;
    private readonly Task _errors;
    private readonly TimeProvider _time;
    private volatile string _lastError = "";

    private ArecordProcess(Process process, Action<string> onError, TimeProvider time)
    {
        (_process, _sound, _time) = (process, process.StandardOutput.BaseStream, time);
        _errors = RelayErrorsAsync(process.StandardError, onError);
    }

    /// <summary>The last line that it wrote to its standard error; empty when it wrote none.</summary>
    public string LastError => _lastError;

    /// <param name="options">The device, and what to ask of it.</param>
    /// <param name="onError">Is given each line of its standard error, cut to a bound, on any thread.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="AudioSourceException">There is no arecord, or it cannot be run.</exception>
    public static ArecordProcess Start(CaptureOptions options, Action<string> onError, TimeProvider time)
    {
        // Looked for here: Process.Start would take one from the current folder first.
        var path = options.SearchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists)
            ?? throw new AudioSourceException(
                "the program arecord is missing: install it (apt-get install alsa-utils), then list devices with: arecord -L");
        string[] arguments =
        [
            "-q", "-D", options.Input.AlsaDevice ?? "default", "-t", "raw", "-f", "S16_LE",
            "-r", options.SampleRateHz.ToString(CultureInfo.InvariantCulture),
            "-c", options.Channels.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["LC_ALL"] = "C"; // its messages are read below
        try
        {
            var process = Process.Start(start) ?? throw new AudioSourceException($"'{path}' could not be started");
            process.StandardInput.Close();
            return new ArecordProcess(process, onError, time);
        }
        catch (Exception ex) when (ex is System.ComponentModel.Win32Exception or IOException)
        {
            throw new AudioSourceException($"'{path}' cannot be run: {ex.Message}", ex);
        }
    }

    /// <summary>The next bytes of sound; 0 when it has ended.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> bytes, CancellationToken cancellationToken) => _sound.ReadAsync(bytes, cancellationToken);

    /// <summary>After its sound ended: how it ended, for people.</summary>
    public async Task<string> DescribeEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(cancellationToken), _errors).WaitAsync(_lastWordsTimeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return "arecord stopped giving sound";
        }

        var said = _lastError.Length > 0 ? _lastError : "it said nothing";
        return $"arecord ended with exit code {_process.ExitCode}: {said}{ArecordHints.For(said)}";
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception ex) when (ex is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended.
        }

        // Closes our ends of the pipes, after which the relay ends too.
        await _sound.DisposeAsync();
        await Task.WhenAny(_errors, Task.Delay(_lastWordsTimeout, _time));
        _process.Dispose();
    }

    private async Task RelayErrorsAsync(StreamReader reader, Action<string> onError)
    {
        var line = new StringBuilder();
        var buffer = new char[256];
        try
        {
            while (await reader.ReadAsync(buffer) is var count and > 0)
            {
                foreach (var character in buffer.AsSpan(0, count))
                {
                    if (character is '\n' or '\r')
                    {
                        Say(line, onError);
                    }
                    else if (line.Length < MaxLineLength)
                    {
                        line.Append(char.IsControl(character) ? ' ' : character);
                    }
                }
            }

            Say(line, onError);
        }
        catch (Exception ex) when (ex is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Disposed while it was still speaking.
        }
    }

    private void Say(StringBuilder line, Action<string> onError)
    {
        var text = line.ToString().Trim();
        line.Clear();
        if (text.Length > 0)
        {
            _lastError = text;
            onError(text);
        }
    }
}
