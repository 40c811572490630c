using Spectre.Console;

namespace Fleet.Cli.Local.Terminal;

/// <summary>What the local commands say: colours and a spinner on a terminal, plain lines elsewhere.</summary>
internal sealed class Narrator
{
    // A file or a pipe has no width: lines that a program or a person greps for must stay whole.
    private const int PlainWidth = 100_000;

    private readonly IAnsiConsole _console;

    private Narrator(IAnsiConsole console) => _console = console;

    public bool IsTerminal => _console.Profile.Capabilities.Interactive && _console.Profile.Capabilities.Ansi;

    public static Narrator ForConsole() => new(Create(Console.Out, Console.IsOutputRedirected));

    /// <summary>Writes to <paramref name="writer"/>, without colours.</summary>
    internal static Narrator ForWriter(TextWriter writer) => new(Create(writer, isRedirected: true));

    public void Say(string text) => _console.WriteLine(text);

    /// <summary>A line that somebody else wrote: characters that would steer the terminal are taken out.</summary>
    public void Relay(string line) => _console.WriteLine(string.Concat(line.Where(character => !char.IsControl(character) || character == '\t')));

    public void Heading(string text) => _console.MarkupLineInterpolated($"[bold]{text}[/]");

    public void Good(string text) => Marked("green", "ok", text);

    public void Step(string text) => Marked("grey", "..", text);

    public void Warn(string text) => Marked("yellow", "!!", text);

    public void Bad(string text) => Marked("red", "no", text);

    /// <summary>A name and a value, as in the list of addresses.</summary>
    public void Fact(string name, string value) => _console.MarkupLineInterpolated($"   [grey]{name,-11}[/] {value}");

    /// <summary>Runs <paramref name="work"/>; on a terminal with a spinner whose text the work may change.</summary>
    public async Task WithSpinnerAsync(string text, Func<Action<string>, Task> work)
    {
        if (!IsTerminal)
        {
            await work(_ => { });
            return;
        }

        await _console.Status().Spinner(Spinner.Known.Line).StartAsync(
            Markup.Escape(text), context => work(changed => context.Status(Markup.Escape(changed))));
    }

    private void Marked(string colour, string mark, string text) =>
        _console.MarkupLine($"[{colour}]{mark}[/] {Markup.Escape(text)}");

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
