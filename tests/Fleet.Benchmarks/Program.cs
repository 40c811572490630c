using Fleet.Benchmarks.Endpointing;

try
{
    return args switch
    {
        ["endpointing", .. var rest] => EndpointingCommand.Run(rest),
        _ => Usage(),
    };
}
catch (UsageException ex)
{
    Console.Error.WriteLine(ex.Message);
    return Usage();
}

static int Usage()
{
    Console.WriteLine(
        $"""
        Measures what docs/benchmarks.md reports.

          Fleet.Benchmarks endpointing --wavs DIR --texts TSV [options]
        {EndpointingCommand.Usage}
        """);
    return 1;
}
