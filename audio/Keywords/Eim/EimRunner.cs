using System.Diagnostics;
using System.Net.Sockets;

namespace Fleet.Audio.Keywords;

/// <summary>A run of an Edge Impulse runner file, greeted and ready. It is killed on dispose, with whatever it started.</summary>
internal sealed class EimRunner : IDisposable
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(10);

    private readonly Process _process;
    private readonly EimConnection _connection;
    private readonly DirectoryInfo _folder;
    private readonly EimParameters _parameters;
    private readonly LastWords _words;

    private EimRunner(Process process, EimConnection connection, DirectoryInfo folder, EimParameters parameters, LastWords words, EimHello hello) =>
        (_process, _connection, _folder, _parameters, _words, Hello) = (process, connection, folder, parameters, words, hello);

    public EimHello Hello { get; }

    /// <summary>Starts it and waits until it has answered.</summary>
    /// <param name="path">The runner file.</param>
    /// <param name="parameters">Its limits.</param>
    /// <exception cref="KeywordModelException">It cannot be run, or does not answer in time.</exception>
    public static EimRunner Start(string path, EimParameters parameters)
    {
        var started = Stopwatch.GetTimestamp();
        var limit = TimeSpan.FromMilliseconds(parameters.StartTimeoutMs);
        // Nobody else may reach the socket: whoever does hears the microphone.
        var folder = Directory.CreateTempSubdirectory("fleet-eim-");
        Process? process = null;
        EimConnection? connection = null;
        try
        {
            var address = Path.Combine(folder.FullName, "runner.sock");
            process = Run(path, address);
            var words = LastWords.Of(process);
            connection = new EimConnection(Connect(process, address, words, limit, started));
            var hello = connection.Hello(Left(limit, started));
            foreach (var threshold in parameters.Thresholds)
            {
                connection.SetThreshold(threshold, Left(limit, started));
            }

            return new EimRunner(process, connection, folder, parameters, words, hello);
        }
        catch (KeywordModelException ex)
        {
            End(process, connection, folder);
            throw new KeywordModelException($"The runner '{path}' cannot be used. {ex.Message}", ex);
        }
        catch
        {
            End(process, connection, folder);
            throw;
        }
    }

    /// <summary>The scores of a window, or of the window that ends with this slice; the runner is of no use after an exception.</summary>
    /// <exception cref="KeywordModelException">It does not answer in time, or not as it should.</exception>
    public void Classify(ReadOnlySpan<short> samples, bool isSlice, Span<float> scores)
    {
        try
        {
            _connection.Classify(samples, isSlice, Hello.Labels, scores, TimeSpan.FromMilliseconds(_parameters.ReplyTimeoutMs));
        }
        catch (KeywordModelException ex) when (_words.Text is { Length: > 0 } words)
        {
            throw new KeywordModelException($"{ex.Message} Its last words: {words}", ex);
        }
    }

    public void Dispose() => End(_process, _connection, _folder);

    private static Process Run(string path, string address)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new KeywordModelException("Runners of kind eim run on Linux only.");
        }

        if ((File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0)
        {
            throw new KeywordModelException("It is not executable: chmod +x the file.");
        }

        try
        {
            var start = new ProcessStartInfo(path, [address]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            var process = Process.Start(start) ?? throw new KeywordModelException("It could not be started.");
            process.StandardInput.Close();
            return process;
        }
        catch (Exception ex) when (ex is System.ComponentModel.Win32Exception or IOException)
        {
            throw new KeywordModelException($"It cannot be run: {ex.Message}. Take the one for this kind of processor ({System.Runtime.InteropServices.RuntimeInformation.OSArchitecture}).", ex);
        }
    }

    /// <summary>The file of the socket is there a little before the runner listens.</summary>
    private static Socket Connect(Process process, string address, LastWords words, TimeSpan limit, long started)
    {
        while (true)
        {
            if (process.HasExited)
            {
                var said = words.WaitForEnd();
                throw new KeywordModelException($"It ended at once with exit code {process.ExitCode}{(said.Length > 0 ? $": {said}" : "; it said nothing")}");
            }

            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(address));
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
            }

            Left(limit, started);
            // Nothing tells when another program begins to listen; this runs beside the sound.
            Thread.Sleep(_look);
        }
    }

    private static TimeSpan Left(TimeSpan limit, long started)
    {
        var left = limit - Stopwatch.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : throw new KeywordModelException($"It was not ready within {limit.TotalMilliseconds:0} ms (eim.start_timeout_ms).");
    }

    private static void End(Process? process, EimConnection? connection, DirectoryInfo folder)
    {
        connection?.Dispose();
        if (process is not null)
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself.
            }

            process.Dispose();
        }

        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // It is in the folder for temporary files.
        }
    }

    /// <summary>The last line that a runner wrote; the rest is thrown away, so that it never waits for a reader.</summary>
    private sealed class LastWords
    {
        // What a program says before it dies is worth a moment; whatever it started may keep the pipe open.
        private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(1);

        private readonly Thread[] _readers;
        private volatile string _text = "";

        private LastWords(Process process) => _readers = [Read(process.StandardOutput), Read(process.StandardError)];

        public string Text => _text;

        public static LastWords Of(Process process) => new(process);

        /// <summary>The last line of a runner that has ended.</summary>
        public string WaitForEnd()
        {
            Array.ForEach(_readers, static reader => reader.Join(_longestWait));
            return _text;
        }

        private Thread Read(StreamReader lines)
        {
            var reader = new Thread(() => Relay(lines)) { IsBackground = true, Name = "eim-words" };
            reader.Start();
            return reader;
        }

        private void Relay(StreamReader lines)
        {
            var piece = new char[1_024];
            try
            {
                while (lines.Read(piece) is > 0 and var count)
                {
                    var text = new string(piece, 0, count).TrimEnd();
                    _text = text.Length > 0 ? EimReply.Words(text[(text.LastIndexOf('\n') + 1)..]) : _text;
                }
            }
            catch (Exception ex) when (ex is IOException or ObjectDisposedException)
            {
                // The runner was ended.
            }
        }
    }
}
