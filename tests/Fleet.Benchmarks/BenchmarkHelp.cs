using Fleet.Benchmarks.Batching;
using Fleet.Benchmarks.Cluster;
using Fleet.Benchmarks.Connections;
using Fleet.Benchmarks.Endpointing;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.Benchmarks.Ingest;
using Fleet.Benchmarks.Resampling;
using Fleet.Benchmarks.Spotting;

namespace Fleet.Benchmarks;

/// <summary>What --help says.</summary>
internal static class BenchmarkHelp
{
    public static string Text { get; } =
        $"""
        Fleet.Benchmarks: measures what docs/benchmarks.md reports.

          Fleet.Benchmarks endpointing --wavs DIR --texts TSV [options]
        {EndpointingCommand.Usage}

          Fleet.Benchmarks falsestarts [options]
        {FalseStartsCommand.Usage}

          Fleet.Benchmarks resampler --svg FILE
        {ResamplerCommand.Usage}

          Fleet.Benchmarks grpc [options]
        {GrpcCommand.Usage}

          Fleet.Benchmarks ingest [options]
        {IngestCommand.Usage}

          Fleet.Benchmarks connections [options]
        {ConnectionsCommand.Usage}

          Fleet.Benchmarks cluster [options]
        {ClusterCommand.Usage}

          Fleet.Benchmarks batching [options]
        {BatchingCommand.Usage}

          Fleet.Benchmarks spotting [options]
        {SpottingCommand.Usage}

        Example: how gRPC does, in less than a minute
          Fleet.Benchmarks grpc --quick

        Results go to stdout. Exit codes: 0 measured, 1 not measured (stderr says why).
        More: docs/benchmarks.md
        """;
}
