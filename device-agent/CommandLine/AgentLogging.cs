using Microsoft.Extensions.Logging.Console;

namespace Fleet.DeviceAgent.CommandLine;

/// <summary>Logs of the program: lines for people or JSON objects for programs, with UTC times, on stderr, since stdout is for transcripts.</summary>
internal static class AgentLogging
{
    public static ILoggerFactory Create(bool verbose, bool json) => LoggerFactory.Create(builder =>
    {
        builder.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.Information);
        if (json)
        {
            builder.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            builder.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            });
        }

        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
