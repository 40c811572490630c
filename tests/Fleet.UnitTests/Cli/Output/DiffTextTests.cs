using Fleet.Cli.Output;
using Fleet.V1;
using Spectre.Console;

namespace Fleet.UnitTests.Cli.Output;

public sealed class DiffTextTests
{
    private static readonly WordChange[] _changes =
    [
        new() { Kind = WordChange.Types.Kind.Same, Old = "turn", New = "Turn" },
        new() { Kind = WordChange.Types.Kind.Substituted, Old = "of", New = "on" },
        new() { Kind = WordChange.Types.Kind.Deleted, Old = "[red]" },
        new() { Kind = WordChange.Types.Kind.Inserted, New = "light\u001b[2J" },
    ];

    [Fact]
    public void Of_WithoutColours_SaysItInSigns() => Show(colours: false).ShouldBe("Turn [-of-] {+on+} [-[red]-] {+light [2J+}");

    [Fact]
    public void Of_WithColours_ColoursAndCrossesOut()
    {
        var shown = Show(colours: true);

        shown.ShouldContain("\u001b[9;");
        shown.ShouldNotContain("[-");
        shown.ShouldContain("[red]");
        shown.ShouldNotContain("\u001b[2J");
    }

    private static string Show(bool colours)
    {
        using StringWriter output = new();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
        console.Profile.Width = 1_000;
        console.Write(DiffText.Of(_changes, colours));
        return output.ToString().TrimEnd();
    }
}
