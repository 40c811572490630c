using System.Globalization;
using System.Net.Sockets;
using Fleet.Cli.Local.Down;
using Fleet.Cli.Local.State;
using Fleet.Cli.Local.Supervision;

namespace Fleet.Cli.Local.Doctor;

/// <summary>What runs now, what a killed launcher left, and how the parts of a running fleet feel.</summary>
internal sealed class RunChecks(LocalPaths paths, HttpClient http)
{
    private const string Name = "Running";

    /// <summary>What run.json says; null when there is none or it cannot be read.</summary>
    public RunState? State { get; } = RunFile.Read(paths.RunFile);

    public bool IsRunning => State is { } state && Leftovers.Identity(state.Launcher).IsAlive();

    public Finding Launcher()
    {
        if (State is not { } state)
        {
            if (File.Exists(paths.RunFile))
            {
                return Finding.Warning(Name, $"{paths.RunFile} cannot be read", $"./fleet down; if that says that nothing runs: rm {paths.RunFile}");
            }

            if (File.Exists(paths.LockFile))
            {
                using var free = LauncherLock.TryTake(paths.LockFile);
                if (free is null)
                {
                    return Finding.Warning(Name, "a launcher is just starting or stopping", "wait a moment");
                }
            }

            return Finding.Good(Name, "no fleet runs");
        }

        var alive = Leftovers.Alive(state);
        if (IsRunning)
        {
            return Finding.Good(Name, string.Create(CultureInfo.InvariantCulture, $"yes, dashboard at {state.Addresses.Dashboard}, {alive.Count} of {state.Processes.Count} parts"));
        }

        return Finding.Warning(
            Name,
            alive.Count == 0
                ? "the last launcher was killed"
                : $"the last launcher was killed and left {string.Join(", ", alive.Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.Name} (process {process.ProcessId})")))}",
            "./fleet down");
    }

    /// <summary>Each part of a running fleet, asked itself.</summary>
    public async Task<IReadOnlyList<Finding>> HealthAsync(CancellationToken cancellationToken)
    {
        if (State is not { } state || !IsRunning)
        {
            return [];
        }

        var health = await Task.WhenAll(
            DatabaseAsync(state, cancellationToken),
            AskAsync(state, PartNames.Scoring, new Uri(new Uri(state.Addresses.Scoring), "/ready"), cancellationToken),
            AskAsync(state, PartNames.Silo, new Uri(new Uri(state.Addresses.Health), "/healthz/ready"), cancellationToken),
            AskAsync(state, PartNames.Dashboard, new Uri(new Uri(state.Addresses.Dashboard), "/healthz/ready"), cancellationToken));
        var agents = state.Processes.FirstOrDefault(process => process.Name == PartNames.Agents);
        return state.Devices == 0 || agents is null
            ? health
            : [.. health, Leftovers.Identity(agents).IsAlive()
                ? Finding.Good("  agents", string.Create(CultureInfo.InvariantCulture, $"{state.Devices} devices"))
                : Finding.Warning("  agents", "ended", LogOf(state, PartNames.Agents))];
    }

    private async Task<Finding> AskAsync(RunState state, string part, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            var body = (await response.Content.ReadAsStringAsync(cancellationToken)).Trim().Split('\n')[0];
            var text = string.Create(CultureInfo.InvariantCulture, $"{(body.Length > 0 ? body : "no word")} ({(int)response.StatusCode})");
            return response.IsSuccessStatusCode ? Finding.Good($"  {part}", text) : Finding.Warning($"  {part}", text, LogOf(state, part));
        }
        catch (Exception ex) when (ex is HttpRequestException || (ex is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Finding.Warning($"  {part}", $"does not answer at {address.Authority} ({ex.Message})", LogOf(state, part));
        }
    }

    private static async Task<Finding> DatabaseAsync(RunState state, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(state.Postgres.Host, state.Postgres.Port, cancellationToken);
            return Finding.Good("  postgres", "takes connections");
        }
        catch (SocketException ex)
        {
            return Finding.Warning("  postgres", $"takes no connections at {state.Addresses.Postgres} ({ex.Message})", LogOf(state, PartNames.Postgres));
        }
    }

    private static string LogOf(RunState state, string part) => $"read {Path.Combine(state.LogFolder, part + ".log")}; ./fleet down and ./fleet up begin afresh";
}
