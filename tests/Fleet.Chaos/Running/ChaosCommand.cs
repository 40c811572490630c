using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Fleet.Cli.Local.Processes;

namespace Fleet.Chaos.Running;

/// <summary>The options of ./fleet chaos, and what --help says.</summary>
internal sealed class ChaosCommand
{
    private const int HelpWidth = 100;
    private const int DevicesOfAnAgent = 25;
    private const int MostAgentsByDefault = 6;

    private readonly Option<int> _devices = Ranged("--devices", "N", 40, 2, 2_000, "Simulated devices.");

    private readonly Option<double> _minutes = Ranged<double>(
        "--minutes", "MINUTES", 1, 0.1, 1_440, "How long faults go on; about one more minute is for starting and draining.");

    private readonly Option<ulong?> _seed = new("--seed")
    {
        Description = "Number that decides who speaks when and which fault hits what: the same seed does the same again. [default: a random one, printed]",
        HelpName = "S",
    };

    private readonly Option<int> _agents = Ranged(
        "--agents", "N", 0, 0, 50, "Agent processes that share the devices; 0 = one for 25 devices, from 2 to 6.");

    private readonly Option<int> _silos = Ranged(
        "--silos", "N", 1, 1, 9, "Silos. One is an embedded silo; several are an Orleans cluster, whose silos are also restarted in turn. Full flavour only.");

    private readonly Option<bool> _onlySilos = new("--only-silos")
    {
        Description = "Of a cluster: kill a silo every 20 s, freeze others and shut PostgreSQL down in between, and restart all silos in turn at the end; nothing else.",
    };

    private readonly Option<string?> _upgradeFrom = new("--upgrade-from")
    {
        Description = "Begin with the silos and agents of an older build (its artifacts/full/bin); each silo is this build's from its first rolling restart on. For --only-silos.",
        HelpName = "FOLDER",
    };

    private readonly Option<double> _rate = Ranged<double>(
        "--rate", "N", 1.2, 0.1, 50, "Utterances a second that all devices speak together, about. Two cores transcribe about 2 a second.");

    private readonly Option<string?> _play = new("--play")
    {
        Description = "WAV file or folder of them (*.wav) that the devices hear. [default: samples/]",
        HelpName = "FILE|FOLDER",
    };

    private readonly Option<string?> _keep = new("--keep")
    {
        Description = "Folder for logs, ledgers and spools, kept in any case. [default: a temporary one, kept when the verdict is bad]",
        HelpName = "FOLDER",
    };

    private readonly Option<double> _drain = Ranged<double>(
        "--drain", "SECONDS", 240, 10, 3_600, "Wait, after the last fault, until all is stored and has its final status; longer while that goes on. What is not then is stuck.");

    private readonly Option<bool> _schedule = new("--schedule") { Description = "Print what would be done, and do nothing." };

    private const string About =
        """
        ./fleet chaos: does a fleet lose what is said to it while everything breaks?

        Starts PostgreSQL, silos, a scoring server and agents as processes on loopback, with a bad
        network between them, and lets simulated devices hear recorded speech. Meanwhile parts are
        killed, frozen and cut off, disks fill up and clocks step. At the end all is healed and
        drained, and a ledger that the agents kept beside their spools is compared with the database.
        The table says how often each fault hit and what became of each utterance.

        Example: three minutes with 200 devices
          ./fleet chaos --devices 200 --minutes 3 --seed 7
        Example: a cluster of three silos
          ./fleet chaos --silos 3 --only-silos --devices 300 --minutes 3

        Exit codes: 0 nothing lost, duplicated, altered, misordered or stuck; 1 something is (the table
        says what, and where logs and ledgers are); 2 it could not be run to its end.
        More: docs/operations.md (Chaos), docs/benchmarks.md (Loss under faults)
        """;

    /// <param name="run">Does it; gives the exit code.</param>
    public RootCommand Create(Func<ChaosOptions, Task<int>> run)
    {
        var root = new RootCommand(About) { _devices, _minutes, _seed, _agents, _silos, _onlySilos, _upgradeFrom, _rate, _play, _keep, _drain, _schedule };
        root.Validators.Add(result =>
        {
            if (result.GetValue(_agents) > result.GetValue(_devices))
            {
                result.AddError("--agents must not be more than --devices.");
            }

            if (result.GetValue(_onlySilos) && result.GetValue(_silos) < 2)
            {
                result.AddError("--only-silos is for a cluster: add --silos 3.");
            }

            if (result.GetValue(_upgradeFrom) is { } folder)
            {
                if (!result.GetValue(_onlySilos))
                {
                    result.AddError("--upgrade-from needs a rolling restart: add --silos 3 --only-silos.");
                }
                else if (ProgramsIn(folder).Missing() is { Count: > 0 } missing)
                {
                    result.AddError($"--upgrade-from has no program at {missing[0]}: give the folder artifacts/full/bin of a build.");
                }
            }
        });
        foreach (var help in root.Options.Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = HelpWidth;
        }

        root.SetAction((parsed, _) => run(Read(parsed)));
        return root;
    }

    private ChaosOptions Read(ParseResult parsed)
    {
        var devices = parsed.GetValue(_devices);
        return new ChaosOptions
        {
            Seed = parsed.GetValue(_seed) ?? (ulong)RandomNumberGenerator.GetInt32(1, 1_000_000),
            Devices = devices,
            Length = TimeSpan.FromMinutes(parsed.GetValue(_minutes)),
            Agents = parsed.GetValue(_agents) is var agents and > 0 ? agents : Math.Clamp(devices / DevicesOfAnAgent, 2, MostAgentsByDefault),
            Silos = parsed.GetValue(_silos),
            OnlySilos = parsed.GetValue(_onlySilos),
            UpgradeFrom = parsed.GetValue(_upgradeFrom) is { } folder ? Path.GetFullPath(folder) : null,
            Rate = parsed.GetValue(_rate),
            Play = Path.GetFullPath(parsed.GetValue(_play) ?? Path.Combine(Root(), "samples")),
            Keep = parsed.GetValue(_keep) is { } keep ? Path.GetFullPath(keep) : null,
            DrainLimit = TimeSpan.FromSeconds(parsed.GetValue(_drain)),
            OnlySchedule = parsed.GetValue(_schedule),
        };
    }

    /// <summary>The programs of the build whose bin folder this is.</summary>
    public static FleetPrograms ProgramsIn(string bin) => new(Path.Combine(Path.GetFullPath(bin), "Fleet.Cli", "release"));

    private static string Root() =>
        typeof(ChaosCommand).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "FleetRoot").Value ?? "";

    private static Option<T> Ranged<T>(string name, string unit, T byDefault, T least, T most, string description)
        where T : struct, IComparable<T>, IFormattable
    {
        var option = new Option<T>(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<T>();
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be between {least} and {most}."));
            }
        });
        return option;
    }
}
