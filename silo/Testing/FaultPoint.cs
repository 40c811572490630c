using System.Diagnostics;
using System.Globalization;

namespace Fleet.Silo.Testing;

/// <summary>
/// Places between two steps at which a test can have the silo killed as by a power cut: FLEET_FAULT_POINT=NAME or NAME@N (at the N-th pass). Without the
/// variable a pass is one check of a constant.
/// </summary>
internal static class FaultPoint
{
    public const string Variable = "FLEET_FAULT_POINT";

    public const string BeforeCommit = "ingest.before-commit";
    public const string AfterCommitBeforeAck = "ingest.after-commit-before-ack";
    public const string AfterAck = "ingest.after-ack";
    public const string LossBeforeCommit = "ingest.loss.before-commit";
    public const string LossAfterCommitBeforeAck = "ingest.loss.after-commit-before-ack";
    public const string AfterPark = "ingest.after-park";
    public const string AfterStoreBeforeQueue = "transcription.after-store-before-queue";
    public const string BeforeCall = "transcription.before-call";
    public const string AfterResultBeforeWrite = "transcription.after-result-before-write";
    public const string AfterWriteBeforeNotice = "transcription.after-write-before-notice";
    public const string StopAfterDrain = "stop.after-drain";
    public const string StopBeforeRelease = "stop.before-release";

    // Before the fields below, which are made from it.
    public static IReadOnlyList<string> Names { get; } =
    [
        BeforeCommit, AfterCommitBeforeAck, AfterAck, LossBeforeCommit, LossAfterCommitBeforeAck, AfterPark, AfterStoreBeforeQueue, BeforeCall,
        AfterResultBeforeWrite, AfterWriteBeforeNotice, StopAfterDrain, StopBeforeRelease,
    ];

    private static readonly string? _text = Environment.GetEnvironmentVariable(Variable);
    private static readonly bool _isArmed = !string.IsNullOrEmpty(_text);
    private static readonly (string Name, int Pass, string? Fault) _armed = Parse(_text);
    private static int _passes;

    /// <summary>What is wrong with the variable; null when nothing is.</summary>
    public static string? Fault => _armed.Fault;

    /// <summary>The process ends here when the variable says so.</summary>
    public static void Pass(string name)
    {
        if (_isArmed && name == _armed.Name && Interlocked.Increment(ref _passes) == _armed.Pass)
        {
            Console.Error.WriteLine($"Fault point {name}: the silo is killed.");
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
    }

    /// <summary>Reads NAME or NAME@N.</summary>
    public static (string Name, int Pass, string? Fault) Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return ("", 0, null);
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? text : text[..at];
        var pass = 1;
        return Names.Contains(name) && (at < 0 || (int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out pass) && pass > 0))
            ? (name, pass, null)
            : ("", 0, $"{Variable} is '{text}': set it to NAME or NAME@N with a name of --list-fault-points, or leave it unset.");
    }
}
