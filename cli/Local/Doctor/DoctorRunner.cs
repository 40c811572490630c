using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Doctor;

/// <summary>`local doctor`: every check with ok or the mend. Exit code 1 when a start would fail.</summary>
internal sealed class DoctorRunner(LocalPaths paths, FleetPrograms programs, Narrator narrator, TimeProvider timeProvider)
{
    /// <param name="devices">How many simulated devices the next start shall have.</param>
    /// <param name="json">One JSON document instead of lines for people.</param>
    /// <param name="cancellationToken">The user has enough.</param>
    public async Task<int> RunAsync(int devices, bool json, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(4) };
        var findings = new List<Finding>();

        // All at once; told in this order, each as soon as those before it are there.
        foreach (var (what, work) in Start(devices, http, cancellationToken))
        {
            IReadOnlyList<Finding> results = [];
            try
            {
                await narrator.WithSpinnerAsync(what, async _ => results = await work);
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                // A check that fails must not hide the others.
                results = [Finding.Warning(what, $"could not be looked at: {ex.Message}", "see to that first, or tell us (docs/operations.md, Diagnosis)")];
            }

            findings.AddRange(results);
            if (!json)
            {
                DoctorReport.Tell(narrator, results);
            }
        }

        if (json)
        {
            narrator.Say(DoctorReport.ToJson(findings));
        }
        else
        {
            DoctorReport.TellEnd(narrator, findings);
        }

        return DoctorReport.IsFine(findings) ? 0 : 1;
    }

    private List<(string What, Task<IReadOnlyList<Finding>> Work)> Start(int devices, HttpClient http, CancellationToken cancellationToken)
    {
        var runs = new RunChecks(paths, http);
        var places = new PlaceChecks(paths, programs);
        var builds = new BuildChecks(paths, programs);
        var checks = new (string What, Func<Task<IReadOnlyList<Finding>>> Check)[]
        {
            (".NET SDK", One(() => MachineChecks.SdkAsync(paths.Root, cancellationToken))),
            ("Node.js and npm", One(() => MachineChecks.NodeAsync(paths.Root, cancellationToken))),
            ("User for PostgreSQL", One(MachineChecks.ServerUser)),
            ("Packages", () => Task.FromResult<IReadOnlyList<Finding>>([.. MachineChecks.Packages()])),
            ("Package feed (a trial restore when it was never asked)", One(() => builds.FeedAsync(cancellationToken))),
            ("Build", One(() => builds.Built(runs.IsRunning))),
            ("State folder", One(places.StateFolder)),
            ("File system", One(() => places.FileSystem(MountTable.Read()))),
            ("Disk", One(places.Disk)),
            ("Memory", One(runs.IsRunning ? () => Finding.Good("Memory", "enough, a fleet runs") : ResourceChecks.Memory)),
            ("Shared memory", One(() => ResourceChecks.SharedMemory())),
            ("Open files", One(() => ResourceChecks.OpenFiles(devices))),
            ("File watches", One(() => ResourceChecks.Watches())),
            ("Temporary files", One(ResourceChecks.Temporary)),
            ("Locale", One(() => ResourceChecks.LocaleAsync(cancellationToken))),
            ("Clock", One(() => ResourceChecks.Clock(timeProvider.GetUtcNow()))),
            ("HTTP proxy", One(() => ResourceChecks.Proxies(HttpClient.DefaultProxy))),
            ("Loopback", One(PortChecks.Loopback)),
            ("Ports", One(() => runs.IsRunning ? Finding.Good("Ports", "in use by the fleet that runs") : PortChecks.Check(LocalPorts.Load(paths.PortsFile) ?? LocalPorts.Defaults))),
            ("Secrets", One(new SecretChecks(paths).Check)),
            ("Database", One(new DatabaseChecks(paths).Check)),
            ("Running", One(runs.Launcher)),
            ("Health", () => runs.HealthAsync(cancellationToken)),
        };
        return [.. checks.Select(check => (check.What, Task.Run(check.Check, CancellationToken.None)))];
    }

    private static Func<Task<IReadOnlyList<Finding>>> One(Func<Finding> check) => () => Task.FromResult<IReadOnlyList<Finding>>([check()]);

    private static Func<Task<IReadOnlyList<Finding>>> One(Func<Task<Finding>> check) => async () => [await check()];
}
