using Fleet.Benchmarks;
using Fleet.Benchmarks.Endpointing;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.Benchmarks.Resampling;

try
{
    return args switch
    {
        ["endpointing", .. var rest] => EndpointingCommand.Run(rest),
        ["falsestarts", .. var rest] => FalseStartsCommand.Run(rest),
        ["resampler", .. var rest] => ResamplerCommand.Run(rest),
        ["grpc", .. var rest] => await GrpcCommand.RunAsync(rest),
        // What `grpc` starts.
        ["grpc-server"] => DotNetServer.Run(),
        ["grpc-client"] => DotNetClient.Run(),
        _ => Usage(),
    };
}
catch (UsageException ex)
{
    return Usage(ex.Message);
}

static int Usage(string? mistake = null)
{
    if (mistake is not null)
    {
        Console.Error.WriteLine(mistake);
    }

    Console.WriteLine(
        $"""
        Measures what docs/benchmarks.md reports.

          Fleet.Benchmarks endpointing --wavs DIR --texts TSV [options]
        {EndpointingCommand.Usage}

          Fleet.Benchmarks falsestarts [options]
        {FalseStartsCommand.Usage}

          Fleet.Benchmarks resampler --svg FILE
        {ResamplerCommand.Usage}

          Fleet.Benchmarks grpc [options]
        {GrpcCommand.Usage}
        """);
    return 1;
}
