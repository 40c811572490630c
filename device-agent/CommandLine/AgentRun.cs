using System.ComponentModel.DataAnnotations;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Devices;
using Fleet.DeviceAgent.Keywords;
using Fleet.DeviceAgent.Logging;
using Fleet.DeviceAgent.Service;
using Fleet.DeviceAgent.Transcripts;
using Fleet.DeviceAgent.Uplink;
using Fleet.DeviceAgent.Uplink.Addresses;
using Fleet.V1;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>
/// One run of the program with given arguments: checks them, builds the devices, runs them and tells what became of everything.
/// </summary>
internal sealed partial class AgentRun(
    AgentArguments arguments, ILoggerFactory loggers, TextWriter output, TextWriter errors, TimeProvider time, Func<Stream>? openStandardInput = null,
    ServiceManager? manager = null)
{
    // How soon, and at the latest how late, one process repeats what it has said about its connections.
    private static readonly TimeSpan _firstLogDistance = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longestLogDistance = TimeSpan.FromHours(6);

    // A column wider than this helps nobody.
    private const int MaxSourceColumn = 40;

    public async Task<int> RunAsync(CancellationToken stopping)
    {
        if (!TryCheck(out var servers, out var playlist))
        {
            return ExitCodes.BadArguments;
        }

        if (arguments.Capture is null && playlist.Recordings.Count == 0)
        {
            await errors.WriteLineAsync($"There is no *.wav in '{arguments.Play}'. Give --play a folder with recordings, or a recording.");
            return ExitCodes.NothingPlayed;
        }

        using var vad = arguments.Trigger != Trigger.Button ? LoadVad() : null;
        using var keywords = arguments.Keyword is { } keyword ? KeywordModels.Load(keyword, time, loggers.CreateLogger("agent")) : null;
        var ids = arguments.DeviceIds();
        var report = new PlayReport(errors);
        var work = new WorkWatch(time);
        var services = new DeviceServices
        {
            Time = time,
            Loggers = loggers,
            Connector = new GrpcIngestConnector(
                servers, new JoinKey(arguments.KeyFile, arguments.Key), new SiloDialer(new DnsHostResolver(), time)),
            Printer = new TranscriptPrinter(
                output,
                arguments.Json,
                ids.Max(id => id.Length),
                Math.Min(MaxSourceColumn, arguments.Capture?.Input.Text.Length ?? playlist.Recordings.Max(recording => recording.Name.Length))),
            PlayReport = report,
            LogGate = new LogGate(time, _firstLogDistance, _longestLogDistance),
            Work = work,
            OpenStandardInput = openStandardInput ?? Console.OpenStandardInput,
            Vad = vad,
            Keywords = keywords,
        };

        var devices = new List<Device>();
        try
        {
            foreach (var id in ids)
            {
                devices.Add(Device.Open(id, arguments.FolderOf(id), Options(), services));
            }

            var fleet = new DeviceGroup(devices, playlist, report, arguments, errors, time, loggers.CreateLogger("agent"));
            await using var watch = new ServiceWatch(manager, work, time, loggers.CreateLogger("agent"), stopping);
            return await fleet.RunAsync(stopping);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await errors.WriteLineAsync(ex.Message);
            return ExitCodes.BadArguments;
        }
        finally
        {
            devices.ForEach(device => device.Dispose());
        }
    }

    private bool TryCheck([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ServerList? servers, out Playlist playlist)
    {
        playlist = new Playlist([]);
        var problems = new List<string>();
        if (!ServerList.TryCreate(arguments.Server, arguments.CaFile, arguments.PrivateNetwork, out servers, out var problem))
        {
            problems.Add(problem);
        }

        if (arguments.KeyFile is { } keyFile && !File.Exists(keyFile))
        {
            problems.Add($"--key-file '{keyFile}' does not exist. Copy the join key that the silo made (its JoinKeyFile) there.");
        }
        else if (arguments.KeyFile is null && string.IsNullOrWhiteSpace(arguments.Key))
        {
            problems.Add($"There is no join key. Give --key-file, or set {JoinKey.EnvironmentVariable}.");
        }

        try
        {
            playlist = arguments.Play is { } play ? Playlist.Read(play) : playlist;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            problems.Add(ex.Message);
        }

        var found = new List<ValidationResult>();
        Validator.TryValidateObject(arguments.Endpointer, new ValidationContext(arguments.Endpointer), found, validateAllProperties: true);
        problems.AddRange(found.Select(result => result.ErrorMessage ?? "An endpointing option is out of range."));
        problems.ForEach(errors.WriteLine);
        return problems.Count == 0 && servers is not null;
    }

    /// <summary>An agent that tells speech by its loudness is better than one that does not listen.</summary>
    private IVad LoadVad()
    {
        try
        {
            return SileroVad.Load(arguments.SpeechModel);
        }
        catch (VadUnavailableException ex)
        {
            LogNoSpeechModel(loggers.CreateLogger("agent"), ex.Message);
            return new EnergyVad();
        }
    }

    private DeviceOptions Options() => new()
    {
        Trigger = arguments.Trigger,
        Keyword = arguments.Keyword,
        Endpointer = arguments.Endpointer,
        Player = arguments.Player,
        Capture = arguments.Capture,
        Spool = arguments.Spool,
        Hooks = arguments.Hooks,
        Uplink = new UplinkOptions { MaxUtterance = arguments.Endpointer.MaxUtterance },
        LedgerFolder = arguments.LedgerFolder,
    };

    [LoggerMessage(
        410, LogLevel.Warning,
        "Speech is told from noise by loudness alone, which starts more often for nothing and cuts more words: {Reason}")]
    private static partial void LogNoSpeechModel(ILogger logger, string reason);
}
