using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Fleet.IntegrationTests.Logs;

/// <summary>Keeps every line of every level, with names and values of its fields, as a JSON log would show them.</summary>
internal sealed class TraceLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var fields = state is IReadOnlyList<KeyValuePair<string, object?>> values ? string.Join(' ', values) : "";
        Lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {fields} {exception}");
    }

    public void Dispose()
    {
    }
}
