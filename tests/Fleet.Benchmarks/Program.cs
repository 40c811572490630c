using Fleet.Benchmarks.Endpointing;

return args switch
{
    ["endpointing", .. var rest] => EndpointingCommand.Run(rest),
    _ => Usage(),
};

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
