using System.CommandLine;
using Fleet.Cli.Local.Doctor;
using Fleet.Cli.Local.Down;
using Fleet.Cli.Local.Install;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Terminal;
using Fleet.Cli.Local.Tests;
using Fleet.Cli.Local.Up;

namespace Fleet.Cli.Local;

/// <summary>`fleet-cli local …`: a whole fleet on this machine; what the script `fleet` calls.</summary>
internal static class LocalCommand
{
    private static readonly Option<DirectoryInfo> _root = new("--root")
    {
        Description = "Top of the checkout",
        DefaultValueFactory = _ => new DirectoryInfo(Environment.CurrentDirectory),
        Recursive = true,
    };

    private static readonly Option<string> _stateDir = new("--state-dir")
    {
        Description = "Folder for database, logs, secrets and run.json; relative to --root",
        DefaultValueFactory = _ => ".fleet",
        Recursive = true,
    };

    public static Command Create(TimeProvider timeProvider)
    {
        var narrator = Narrator.ForConsole();
        var programs = new FleetPrograms(AppContext.BaseDirectory);
        return new Command("local", "A whole fleet on this machine, each part a real process.")
        {
            _root,
            _stateDir,
            CreateUp(narrator, programs, timeProvider),
            CreateDown(narrator, timeProvider),
            CreatePassword(narrator),
            CreateDoctor(narrator, programs, timeProvider),
            CreateInstall(narrator, timeProvider),
            TestCommand.Create(narrator, timeProvider),
        };
    }

    private static Command CreateUp(Narrator narrator, FleetPrograms programs, TimeProvider timeProvider)
    {
        var devices = Number("--devices", "Simulated devices; 0 = only the servers", 8, 0, 10_000);
        var play = new Option<string?>("--play") { Description = "WAV file, or folder of WAV files, that the devices hear; default: samples/" };
        var speed = new Option<double>("--speed") { Description = "1 = in real time, 4 = four times as fast", DefaultValueFactory = _ => 1 };
        var loop = new Option<bool>("--loop") { Description = "Play again and again" };
        var pause = new Option<double?>("--pause")
        {
            // Two cores keep up with about eight people who never stop talking: PocketSphinx takes a quarter of real time.
            Description = "Seconds of quiet after each recording; default: 5 with --loop, else 0",
        };
        var readyFile = new Option<string?>("--ready-file")
        {
            Description = "File that is made once every part answers and the first transcript of this run is stored",
        };
        var dashboard = Port("--dashboard-port", LocalPorts.DefaultDashboard);
        var grpc = Port("--grpc-port", LocalPorts.DefaultGrpc);
        var health = Port("--health-port", LocalPorts.DefaultHealth);
        var scoring = Port("--scoring-port", LocalPorts.DefaultScoring);
        var postgres = Port("--postgres-port", LocalPorts.DefaultPostgres);
        speed.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 1000))
            {
                result.AddError("--speed must be between 0.1 and 1000.");
            }
        });

        pause.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0 and <= 3600)))
            {
                result.AddError("--pause must be between 0 and 3600 seconds.");
            }
        });

        var command = new Command("up", "Starts everything, plays recorded speech through simulated devices, and stays until Ctrl-C.")
        {
            devices, play, speed, loop, pause, readyFile, dashboard, grpc, health, scoring, postgres,
        };
        command.SetAction((result, _) =>
        {
            var paths = Paths(result);
            var options = new UpOptions
            {
                Paths = paths,
                Devices = result.GetValue(devices),
                Play = result.GetValue(play) is { } file ? Path.GetFullPath(file) : paths.Samples,
                Speed = result.GetValue(speed),
                Loop = result.GetValue(loop),
                PauseSeconds = result.GetValue(pause) ?? (result.GetValue(loop) ? 5 : 0),
                ReadyFile = result.GetValue(readyFile) is { } ready ? Path.GetFullPath(ready) : null,
                Ports = new RequestedPorts(
                    result.GetValue(dashboard), result.GetValue(grpc), result.GetValue(health), result.GetValue(scoring), result.GetValue(postgres)),
            };
            return new UpRunner(options, programs, narrator, timeProvider).RunAsync();
        });
        return command;
    }

    private static Command CreateDown(Narrator narrator, TimeProvider timeProvider)
    {
        var command = new Command("down", "Stops a fleet that runs elsewhere, in order, and what a killed one left behind.");
        command.SetAction((result, cancellationToken) => new DownRunner(Paths(result), narrator, timeProvider).RunAsync(cancellationToken));
        return command;
    }

    private static Command CreatePassword(Narrator narrator)
    {
        var command = new Command("password", "Makes a new dashboard password; old sign-ins end.");
        command.SetAction(async (result, cancellationToken) =>
        {
            var paths = Paths(result);
            paths.Create();
            var secrets = new LocalSecrets(paths.SecretsFolder);
            var password = await new DashboardPasswordMaker(secrets).ResetAsync(cancellationToken);
            if (RunFile.Read(paths.RunFile) is { } state)
            {
                RunFile.Write(paths.RunFile, state with { SignIn = state.SignIn with { Password = password } });
            }

            narrator.Say($"admin / {password}   (kept in {secrets.DashboardPasswordFile})");
            return 0;
        });
        return command;
    }

    private static Command CreateDoctor(Narrator narrator, FleetPrograms programs, TimeProvider timeProvider)
    {
        var devices = Number("--devices", "Simulated devices of the start that is planned", 8, 0, 10_000);
        var json = new Option<bool>("--json") { Description = "Print one JSON document: fine, findings (check, verdict ok|warning|no, detail, mend)" };
        var command = new Command(
            "doctor", "Checks what a failed start could come from, and says the mend. Exit codes: 0 nothing prevents a start, 1 something does.")
        {
            devices, json,
        };
        command.SetAction((result, cancellationToken) => new DoctorRunner(Paths(result), programs, narrator, timeProvider)
            .RunAsync(result.GetValue(devices), result.GetValue(json), cancellationToken));
        return command;
    }

    private static Command CreateInstall(Narrator narrator, TimeProvider timeProvider)
    {
        var tests = new Option<bool>("--tests") { Description = "Also what only the tests need" };
        var command = new Command("install", "Installs with apt what is missing on this machine, or says the command when it may not.") { tests };
        command.SetAction(async (result, cancellationToken) =>
        {
            var paths = Paths(result);
            paths.Create();
            var installer = new AptInstaller(paths.LogFile("apt"), narrator, timeProvider);
            return await installer.EnsureAsync(result.GetValue(tests), cancellationToken) ? 0 : 1;
        });
        return command;
    }

    private static LocalPaths Paths(ParseResult result) => new(result.GetRequiredValue(_root).FullName, result.GetRequiredValue(_stateDir));

    private static Option<int> Number(string name, string description, int byDefault, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<int>();
            if (value < min || value > max)
            {
                result.AddError($"{name} must be between {min} and {max}.");
            }
        });
        return option;
    }

    private static Option<int?> Port(string name, int byDefault)
    {
        var option = new Option<int?>(name) { Description = $"TCP port on 127.0.0.1; without it the last one, {byDefault}, or the next that is free" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 65535)
            {
                result.AddError($"{name} must be between 1 and 65535.");
            }
        });
        return option;
    }
}
