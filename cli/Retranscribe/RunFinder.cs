using System.CommandLine;
using Fleet.Cli.Api;
using Fleet.V1;

namespace Fleet.Cli.Retranscribe;

/// <summary>The argument RUN: an id, a part of one that fits only one run, or "latest".</summary>
internal static class RunFinder
{
    private const string Latest = "latest";

    public static Argument<string> NewArgument() => new("RUN") { Description = "Id of the run, a part of it that fits no other, or latest" };

    public static async Task<string> FindAsync(string text, FleetClient client, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(text, "D", out _))
        {
            return text;
        }

        var runs = (await client.CallAsync(
            (api, headers, deadline, token) => api.ListRetranscriptionsAsync(new ListRetranscriptionsRequest(), headers, deadline, token), cancellationToken)).Runs;
        var fitting = text == Latest ? runs.Take(1).ToList() : [.. runs.Where(run => run.RunId.Contains(text, StringComparison.OrdinalIgnoreCase))];
        return fitting.Count switch
        {
            1 => fitting[0].RunId,
            0 => throw new CliException(text == Latest
                ? "There is no run yet: fleet-cli retranscribe --since 7d --deployment NAME starts one."
                : $"No run has '{text}' in its id: fleet-cli retranscribe list shows them."),
            _ => throw new CliException($"{fitting.Count} runs have '{text}' in their id: give more of it."),
        };
    }

    public static async Task<Retranscription> GetAsync(string runId, FleetClient client, CancellationToken cancellationToken) => (await client.CallAsync(
        (api, headers, deadline, token) => api.GetRetranscriptionAsync(new GetRetranscriptionRequest { RunId = runId }, headers, deadline, token),
        cancellationToken)).Run;
}
