using System.CommandLine;
using System.CommandLine.Help;
using Fleet.Audio;
using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Identity;
using Fleet.DeviceAgent.Uplink;
using Fleet.V1;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>The options of the agent: names, units, defaults, and what <c>--help</c> says.</summary>
internal sealed class AgentCommand
{
    // What the endpointer was tuned to.
    private static readonly EndpointerOptions _defaults = new();

    private const int HelpWidth = 100;

    private readonly Option<string> _server = new("--server")
    {
        Description = "Address of the cloud, such as https://fleet.example.org:5100, or several with commas between " +
            "them: the next one is tried when one does not answer or asks to go elsewhere. " +
            "Plain http:// only to this machine, or with --private-network.",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = $"File with the join key that the silo made (its JoinKeyFile). " +
            $"Without it the key is taken from {JoinKey.EnvironmentVariable}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description = "Trust the certificates in this PEM file instead of those that the system trusts.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _privateNetwork = new("--private-network")
    {
        Description = "Nobody else is in the network between the agent and the cloud: allow http:// to another machine.",
    };

    private readonly Option<string> _stateDir = new("--state-dir")
    {
        Description = "Folder for the identity and the spool. Keep it: what is not sent yet is in it.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => DefaultStateFolder(),
    };

    private readonly Option<bool> _shareStateDir = new("--share-state-dir")
    {
        Description = "Several agents share --state-dir, as replicas of a container do: each takes a part of it that no other holds (part-1, part-2, …), " +
            "and its devices are named after the part.",
    };

    private readonly Option<string?> _deviceId = new("--device-id")
    {
        Description = "Name of the device in the fleet: a-z, 0-9, '-', '_', '.', at most 64. [default: the host name; with --simulate, pi]",
        HelpName = "ID",
    };

    private readonly Option<string?> _play = new("--play")
    {
        Description = "Recording to play, or folder of them (*.wav, also below it, in ordinal order): " +
            "WAV, PCM of 8 to 32 bits or floating point, 8 to 192 kHz, mono or stereo. Either this or --input.",
        HelpName = "FILE|FOLDER",
    };

    private readonly LiveInputOptions _input = new();

    private readonly KeywordCommandOptions _keywords = new();

    private readonly HookCommandOptions _hooks = new();

    private readonly Option<double> _speed = new("--speed")
    {
        Description = "Play so many times as fast as real time; 0 or max: as fast as possible.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
        CustomParser = result => OptionParsing.Speed(result),
    };

    private readonly Option<bool> _loop = new("--loop") { Description = "Play again from the beginning, until the agent is stopped." };

    private readonly Option<double> _pause = OptionParsing.Ranged<double>(
        "--pause", "SECONDS", 0, 0, 3600, "Quiet after each recording, divided by --speed; nothing is recorded of it.");

    private readonly Option<string> _trigger = new Option<string>("--trigger")
    {
        Description = "What makes an utterance: vad = somebody speaks; button = the whole recording, split at --max-seconds. --keyword takes its place.",
        HelpName = "vad|button",
        DefaultValueFactory = _ => "vad",
    }.AcceptOnlyFromAmong("vad", "button");

    private readonly Option<int> _simulate = OptionParsing.Ranged(
        "--simulate", "N", 0, 0, 10_000,
        "Be N devices (ID-001, ID-002, …), each with its own identity, spool and connection; recordings are dealt out. 0 = one device.");

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print transcripts as one JSON object a line: device, utterance_id, source, status, text, reason.",
    };

    private readonly Option<bool> _exit = new("--exit")
    {
        Description = "Leave when everything played is stored and answered; exit code 0 only if every utterance was stored. " +
            "Without it the agent stays connected.",
    };

    private readonly Option<double?> _linger = new("--linger")
    {
        Description = "As --exit, but leave at the latest so many seconds after the last recording was played.",
        HelpName = "SECONDS",
    };

    private readonly Option<double> _stopTimeout = OptionParsing.Ranged<double>(
        "--stop-timeout", "SECONDS", 10, 0, 3600,
        "When stopped (Ctrl-C, SIGTERM), wait at most so long for the cloud to store what was said; the rest stays in the spool.");

    private readonly SpoolCommandOptions _spool = new();

    private readonly Option<double> _preRoll = OptionParsing.Ranged<double>(
        "--pre-roll-ms", "MS", _defaults.PreRoll.TotalMilliseconds, 0, 5000, "Sound kept from before speech was noticed.");

    private readonly Option<double> _startAfter = OptionParsing.Ranged<double>(
        "--start-after-ms", "MS", _defaults.StartAfterSpeech.TotalMilliseconds, 32, 5000, "Speech that starts an utterance.");

    private readonly Option<double> _endAfter = OptionParsing.Ranged<double>(
        "--end-after-ms", "MS", _defaults.EndAfterSilence.TotalMilliseconds, 100, 10_000, "Silence that ends an utterance.");

    private readonly Option<double> _maxSeconds = OptionParsing.Ranged<double>(
        "--max-seconds", "SECONDS", _defaults.MaxUtterance.TotalSeconds, 1, 300, "Longest utterance; what follows is the next one.");

    private readonly Option<double> _threshold = OptionParsing.Ranged<double>(
        "--vad-threshold", "P", _defaults.SpeechThreshold, 0.05, 0.95,
        "Probability (0 to 1) from which the detector's 32 ms count as speech.");

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Log each utterance." };

    private readonly Option<string> _logFormat = new Option<string>("--log-format")
    {
        Description = "How log lines look on stderr: text for people, json (an object a line) for journald and containers.",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", "json");

    private readonly Option<bool> _check = new("--check")
    {
        Description = "Look whether server, key, identity, clock, disk, voice detector, keyword, recordings or microphone are fine, say it in a line each and leave. " +
            "May be asked while the agent runs; takes the same options as the agent.",
    };

    private readonly Option<double?> _checkSeconds = new("--check-seconds")
    {
        Description = "With --check and a microphone: show its level, speech and the keyword's score for so long, 0 to 3600; Ctrl-C ends it. [default: 20 in a terminal, else 0]",
        HelpName = "SECONDS",
    };

    private readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "For tests: keep a ledger of what was heard in this folder, one file for each device (id, number and SHA-256 of each utterance).",
        HelpName = "FOLDER",
    };

    private const string About =
        """
        device-agent: hears utterances, keeps them on disk until the cloud has stored them, and prints
        their transcripts.

        Example: is everything as the agent needs it?
          device-agent --check --server https://fleet.example.org:5100 --key-file /etc/fleet/join.key

        Example: play recordings as eight devices
          device-agent --server http://127.0.0.1:5100 --key-file join.key --play samples --simulate 8

        Environment: FLEET_JOIN_KEY (the key, without --key-file), STATE_DIRECTORY (systemd's; the
        default of --state-dir), FLEET_TEST_CLOCK (for tests: a file with the milliseconds by which the
        wall clock is off). Transcripts go to stdout, everything else to stderr.
        Exit codes: 0 all well, 1 wrong option or state folder, 2 nothing could be played, 3 something
        is not stored, 4 --check found what must be mended. More: docs/operations.md
        """;

    /// <param name="run">What the program does with a command line that is in order.</param>
    public RootCommand Create(Func<AgentArguments, CancellationToken, Task<int>> run)
    {
        var root = new RootCommand(About)
        {
            _server, _keyFile, _caFile, _privateNetwork, _stateDir, _shareStateDir, _deviceId, _play, _speed, _loop, _pause, _trigger, _simulate,
            _json, _exit, _linger, _stopTimeout, _preRoll, _startAfter, _endAfter, _maxSeconds, _threshold, _verbose, _logFormat, _check, _checkSeconds, _ledger,
        };
        root.Add(MuteCommand.Create(DefaultStateFolder()));
        _spool.AddTo(root);
        _input.AddTo(root);
        _keywords.AddTo(root);
        _hooks.AddTo(root);
        root.Validators.Add(result => _keywords.Check(result, _trigger));
        root.Validators.Add(result => _input.Check(result, _play, onlyForRecordings: [_speed, _loop, _pause, _simulate], mayHearNothing: _check));
        _deviceId.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } id && !DeviceName.IsValid(id))
            {
                result.AddError($"--device-id '{id}' is not valid: 1 to 64 of a-z, 0-9, '-', '_', '.', the first a letter or digit.");
            }
        });
        _linger.Validators.Add(result =>
            OptionParsing.CheckRange(result, "--linger", result.GetValueOrDefault<double?>() ?? 0, 0, 7 * 86_400));
        _checkSeconds.Validators.Add(result =>
            OptionParsing.CheckRange(result, "--check-seconds", result.GetValueOrDefault<double?>() ?? 0, 0, 3_600));
        // Lines that nobody has to drag a window for, also in a pipe, which has no width.
        foreach (var help in root.Options.Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = HelpWidth;
        }

        root.SetAction((parsed, cancellationToken) => run(Read(parsed), cancellationToken));
        return root;
    }

    private AgentArguments Read(ParseResult parsed)
    {
        var threshold = parsed.GetValue(_threshold);
        var capture = _input.Read(parsed);
        var isTriggerGiven = parsed.CommandResult.GetResult(_trigger) is { Implicit: false };
        var keyword = _keywords.Read(parsed, byDefault: capture?.Input.AlsaDevice is not null && !isTriggerGiven);
        return new AgentArguments
        {
            Server = parsed.GetRequiredValue(_server),
            KeyFile = parsed.GetValue(_keyFile),
            Key = Environment.GetEnvironmentVariable(JoinKey.EnvironmentVariable),
            CaFile = parsed.GetValue(_caFile),
            PrivateNetwork = parsed.GetValue(_privateNetwork),
            StateFolder = parsed.GetRequiredValue(_stateDir),
            ShareStateFolder = parsed.GetValue(_shareStateDir),
            DeviceId = parsed.GetValue(_deviceId),
            Simulate = parsed.GetValue(_simulate),
            Play = parsed.GetValue(_play),
            Capture = capture,
            Player = new PlayerOptions { Speed = parsed.GetValue(_speed), Loop = parsed.GetValue(_loop), Pause = TimeSpan.FromSeconds(parsed.GetValue(_pause)) },
            Trigger = keyword is not null ? Trigger.Keyword : parsed.GetValue(_trigger) == "button" ? Trigger.Button : Trigger.Vad,
            Keyword = keyword,
            Endpointer = new EndpointerOptions
            {
                PreRoll = TimeSpan.FromMilliseconds(parsed.GetValue(_preRoll)),
                StartAfterSpeech = TimeSpan.FromMilliseconds(parsed.GetValue(_startAfter)),
                EndAfterSilence = TimeSpan.FromMilliseconds(parsed.GetValue(_endAfter)),
                MaxUtterance = TimeSpan.FromSeconds(parsed.GetValue(_maxSeconds)),
                SpeechThreshold = threshold,
                SilenceThreshold = Math.Max(0.01, threshold - (_defaults.SpeechThreshold - _defaults.SilenceThreshold)),
            },
            Spool = _spool.Read(parsed),
            Hooks = _hooks.Read(parsed),
            Json = parsed.GetValue(_json),
            Exit = parsed.GetValue(_exit),
            Linger = parsed.GetValue(_linger) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            StopTimeout = TimeSpan.FromSeconds(parsed.GetValue(_stopTimeout)),
            Verbose = parsed.GetValue(_verbose),
            LogJson = parsed.GetValue(_logFormat) == "json",
            Check = parsed.GetValue(_check),
            CheckLive = parsed.GetValue(_checkSeconds) is { } live ? TimeSpan.FromSeconds(live) : null,
            LedgerFolder = parsed.GetValue(_ledger),
        };
    }

    /// <summary>What systemd gives the unit, else where the user's programs keep state.</summary>
    private static string DefaultStateFolder()
    {
        if (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } unit)
        {
            return unit;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(home, ".local", "state");
        return Path.Combine(state, "fleet-agent");
    }
}
