using Fleet.DeviceAgent.Capture;
using Fleet.DeviceAgent.CommandLine;
using Fleet.DeviceAgent.Configuration;
using Fleet.V1;
using Microsoft.Extensions.Logging;

namespace Fleet.IntegrationTests.Agent;

/// <summary>Runs of the agent in one state folder.</summary>
internal sealed class AgentFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-agent-").FullName;

    public string StateFolder => Path.Combine(_folder, "state");

    public StringWriter Output { get; } = new();

    public StringWriter Errors { get; } = new();

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string WriteFolder(params (string Name, byte[] Content)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "recordings"));
        foreach (var (name, content) in files)
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, name), content);
        }

        return folder.FullName;
    }

    public AgentArguments Arguments(string server, string play) => new()
    {
        Server = server,
        Key = IngestServer.Key,
        StateFolder = StateFolder,
        DeviceId = "pi",
        Play = play,
        Player = new PlayerOptions { Speed = 0 },
        Trigger = Trigger.Button,
        Exit = true,
        Linger = TimeSpan.FromSeconds(30),
    };

    /// <summary>Logs and messages both end in <see cref="Errors"/>.</summary>
    public Task<int> RunAsync(AgentArguments arguments, CancellationToken stopping = default) => RunAsync(arguments, null, stopping);

    /// <summary>As above, with something on standard input.</summary>
    public async Task<int> RunAsync(AgentArguments arguments, Func<Stream>? openStandardInput, CancellationToken stopping)
    {
        var errors = TextWriter.Synchronized(Errors);
        using var provider = new WriterLoggerProvider(errors);
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(provider));
        return await new AgentRun(arguments, loggers, TextWriter.Synchronized(Output), errors, TimeProvider.System, openStandardInput)
            .RunAsync(stopping).WaitAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
    }

    public void Dispose()
    {
        Output.Dispose();
        Errors.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class WriterLoggerProvider(TextWriter writer) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            writer.WriteLine($"{logLevel}: {formatter(state, exception)}{exception}");

        public void Dispose()
        {
        }
    }
}
