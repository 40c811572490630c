using System.CommandLine;
using Spectre.Console;

namespace Fleet.Cli.Output;

/// <summary>Where a command writes: results to one, everything else to the other.</summary>
internal sealed class Writers
{
    // A file or a pipe has no width: lines that a program or a person greps for must stay whole.
    private const int PlainWidth = 100_000;

    private Writers(TextWriter output, TextWriter errors, bool isTerminal, bool errorsAreTerminal, TimeProvider time)
    {
        (Output, Errors, Time) = (output, errors, time);
        Console = CreateConsole(output, isTerminal);
        Slow = new SlowNotice(errors, errorsAreTerminal, time);
    }

    public TextWriter Output { get; }

    public TextWriter Errors { get; }

    /// <summary>The output with colours and tables, where it is a terminal.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>Tells on stderr how far something is that takes long.</summary>
    public SlowNotice Slow { get; }

    public TimeProvider Time { get; }

    public static Writers Of(InvocationConfiguration invocation, TimeProvider time) => new(
        invocation.Output,
        invocation.Error,
        ReferenceEquals(invocation.Output, System.Console.Out) && !System.Console.IsOutputRedirected,
        ReferenceEquals(invocation.Error, System.Console.Error) && !System.Console.IsErrorRedirected,
        time);

    /// <summary>A moment as people read it: by the clock of this machine, to the second.</summary>
    public string Moment(long unixMs) => unixMs == 0
        ? ""
        : TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMs), Time.LocalTimeZone)
            .ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    public static Table NewTable(params string[] columns)
    {
        var table = new Table().NoBorder();
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))) { Padding = new Padding(0, 0, 2, 0) });
        }

        return table;
    }

    /// <summary>A line of prose.</summary>
    public void Say(string text) => Console.WriteLine(text);

    private static IAnsiConsole CreateConsole(TextWriter output, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
