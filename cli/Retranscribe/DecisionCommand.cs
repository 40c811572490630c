using System.CommandLine;
using Fleet.Cli.Api;
using Fleet.Cli.Output;
using Fleet.V1;
using Grpc.Core;

namespace Fleet.Cli.Retranscribe;

/// <summary>`fleet-cli retranscribe promote|discard|cancel`: what becomes of a run.</summary>
internal static class DecisionCommand
{
    internal delegate AsyncUnaryCall<Retranscription> Decide(
        FleetApi.FleetApiClient api, RetranscriptionDecision decision, Metadata headers, DateTime deadline, CancellationToken cancellationToken);

    public static Command Create(string name, string about, Decide decide, TimeProvider time)
    {
        var run = RunFinder.NewArgument();
        var json = new Option<bool>("--json") { Description = "The run as one JSON object (docs/cli.md)" };
        var command = new Command(name, about) { run, json };
        command.AsksFleet(time, async (parsed, client, writers, cancellationToken) =>
        {
            var decision = new RetranscriptionDecision
            {
                RunId = await RunFinder.FindAsync(parsed.GetRequiredValue(run), client, cancellationToken),
                DecidedBy = Person.Name(),
            };
            var answer = await client.CallAsync((api, headers, deadline, token) => decide(api, decision, headers, deadline, token), cancellationToken);
            var done = await RunWaiter.WaitAsync(answer, client, writers, cancellationToken);
            if (parsed.GetValue(json))
            {
                JsonLines.Write(writers.Output, RunLine.From(done));
            }
            else
            {
                RunTexts.ShowOne(done, writers);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
