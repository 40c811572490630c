using Fleet.Benchmarks;
using Fleet.Benchmarks.Batching;
using Fleet.Benchmarks.Cluster;
using Fleet.Benchmarks.Connections;
using Fleet.Benchmarks.Endpointing;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.Benchmarks.Ingest;
using Fleet.Benchmarks.Resampling;
using Fleet.Benchmarks.Spotting;
using Fleet.Contracts.CommandLine;

if (args is [] or ["help", ..] || args.Any(arg => arg is "--help" or "-h" or "-?"))
{
    Console.WriteLine(BenchmarkHelp.Text);
    return args.Length > 0 ? 0 : 1;
}

try
{
    return args switch
    {
        ["endpointing", .. var rest] => EndpointingCommand.Run(rest),
        ["falsestarts", .. var rest] => FalseStartsCommand.Run(rest),
        ["resampler", .. var rest] => ResamplerCommand.Run(rest),
        ["grpc", .. var rest] => await GrpcCommand.RunAsync(rest),
        ["ingest", .. var rest] => await IngestCommand.RunAsync(rest),
        ["connections", .. var rest] => await ConnectionsCommand.RunAsync(rest),
        ["batching", .. var rest] => await BatchingCommand.RunAsync(rest),
        ["spotting", .. var rest] => await SpottingCommand.RunAsync(rest),
        ["cluster", .. var rest] => await ClusterCommand.RunAsync(rest),
        // What `grpc`, `ingest`, `connections` and `cluster` start.
        ["grpc-server"] => DotNetServer.Run(),
        ["grpc-client"] => DotNetClient.Run(),
        ["tcp-server"] => TcpPeer.RunServer(),
        ["tcp-client"] => TcpPeer.RunClient(),
        ["ingest-devices"] => DevicesProcess.Run(),
        ["ingest-bare"] => BareProcess.Run(),
        ["cluster-actors"] => ActorsProcess.Run(),
        ["connections-devices"] => IdleDevicesProcess.Run(),
        [var unknown, ..] => Mistake($"There is no benchmark '{unknown}'{Suggestion(unknown)}"),
        [] => 1, // told above
    };
}
catch (UsageException ex)
{
    return Mistake(ex.Message);
}

static string Suggestion(string unknown) => OptionKeys.Nearest(unknown, ["endpointing", "falsestarts", "resampler", "grpc", "ingest", "connections", "cluster", "batching", "spotting"]) is { } nearest ? $"; did you mean {nearest}?" : ".";

static int Mistake(string text)
{
    Console.Error.WriteLine($"{text} All benchmarks and their options: Fleet.Benchmarks --help");
    return 1;
}
