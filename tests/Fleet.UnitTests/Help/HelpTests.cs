using System.CommandLine;
using System.Text.RegularExpressions;
using Fleet.Chaos.Running;
using Fleet.Cli;
using Fleet.Contracts.CommandLine;
using Fleet.Dashboard.Configuration;
using Fleet.Dashboard.Devices;
using Fleet.Dashboard.Live;
using Fleet.DeviceAgent.CommandLine;
using Fleet.Scoring.Configuration;
using Fleet.Silo.Hosting;
using Fleet.Storage;
using Fleet.Testing;

namespace Fleet.UnitTests.Help;

/// <summary>What --help of each program says: every option, with its unit, in lines that fit a terminal.</summary>
public sealed partial class HelpTests
{
    private const int Widest = 100;

    [Fact]
    public void Silo_Help_HasEveryKeyWithItsUnit() => Check(Fleet.Silo.Hosting.Help.Text, SiloKeys.All);

    [Fact]
    public void Scoring_Help_HasEveryKeyWithItsUnit() =>
        Check(Fleet.Scoring.Hosting.Help.Text, OptionKeys.Of(ScoringServerOptions.Section, typeof(ScoringServerOptions)));

    [Fact]
    public void Dashboard_Help_HasEveryKeyWithItsUnit() => Check(
        Fleet.Dashboard.Hosting.Help.Text,
        [
            .. OptionKeys.Of(DashboardOptions.Section, typeof(DashboardOptions)), .. OptionKeys.Of(LiveOptions.Section, typeof(LiveOptions)),
            .. OptionKeys.Of(FleetApiOptions.Section, typeof(FleetApiOptions)), .. OptionKeys.Of(DatabaseOptions.Section, typeof(DatabaseOptions)),
        ]);

    [Fact]
    public Task Agent_Help_HasEveryOptionAndItsUnit() => CheckAsync(new AgentCommand().Create((_, _) => Task.FromResult(0)));

    [Fact]
    public Task Chaos_Help_HasEveryOptionAndItsUnit() => CheckAsync(new ChaosCommand().Create(_ => Task.FromResult(0)));

    private static async Task CheckAsync(RootCommand command)
    {
        var text = await ShowAsync(command, "--help");

        foreach (var option in command.Options)
        {
            text.ShouldContain(option.Name);
            if (option.ValueType != typeof(bool) && option.Name is not ("--help" or "--version"))
            {
                option.HelpName.ShouldNotBeNullOrEmpty(option.Name); // the unit, or what kind of value it is
            }
        }

        text.ShouldContain("Exit codes:");
        text.ShouldContain("Example");
    }

    [Theory]
    [InlineData("")]
    [InlineData("devices")]
    [InlineData("history")]
    [InlineData("watch")]
    [InlineData("transcribe")]
    [InlineData("versions")]
    [InlineData("retranscribe")]
    [InlineData("retranscribe list")]
    [InlineData("retranscribe show")]
    [InlineData("retranscribe diff")]
    [InlineData("retranscribe promote")]
    [InlineData("retranscribe discard")]
    [InlineData("retranscribe cancel")]
    [InlineData("local")]
    [InlineData("local up")]
    [InlineData("local down")]
    [InlineData("local doctor")]
    [InlineData("local password")]
    [InlineData("local install")]
    [InlineData("local test")]
    public async Task Cli_Help_HasEveryOptionOfEachCommand(string path)
    {
        Command command = RootCommandFactory.Create(TimeProvider.System);
        foreach (var name in path.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            command = command.Subcommands.Single(sub => sub.Name == name);
        }

        var text = await ShowAsync(RootCommandFactory.Create(TimeProvider.System), $"{path} --help".Trim());

        text.ShouldContain(command.Description.ShouldNotBeNull().Split('\n')[0].Split(' ')[0]);
        foreach (var symbol in command.Options.Cast<Symbol>().Concat(command.Subcommands))
        {
            text.ShouldContain(symbol.Name);
            symbol.Description.ShouldNotBeNullOrEmpty(symbol.Name);
        }
    }

    [Theory]
    [InlineData("local docter", "doctor")]
    [InlineData("histroy", "history")]
    [InlineData("retranscribe promot latest", "promote")]
    [InlineData("local up --device 3", "--devices")]
    [InlineData("history tea --sinc 2h", "--since")]
    [InlineData("transcribe a.wav --deploymnt blue", "--deployment")]
    public void Cli_WrongWord_SuggestsTheRightOne(string line, string suggestion)
    {
        using var errors = new StringWriter();
        var parsed = RootCommandFactory.Create(TimeProvider.System).Parse(line);

        (parsed.Errors.Count > 0 || Fleet.Cli.UsageErrors.HasUnknownOptions(parsed)).ShouldBeTrue();
        Fleet.Cli.UsageErrors.Tell(parsed, errors).ShouldBe(1);

        errors.ToString().ShouldContain($"Did you mean {suggestion}?");
    }

    [Theory]
    [InlineData("history -- --sinc")]
    [InlineData("history tea -not coffee --since 2h")]
    [InlineData("local test --artifacts . --flavour full -- --filter Name~X")]
    public void Cli_WordsAfterTwoDashes_AreWords(string line)
    {
        var parsed = RootCommandFactory.Create(TimeProvider.System).Parse(line);

        parsed.Errors.ShouldBeEmpty();
        Fleet.Cli.UsageErrors.HasUnknownOptions(parsed).ShouldBeFalse();
    }

    [Fact]
    public void Agent_WrongOption_SuggestsTheRightOne()
    {
        using var errors = new StringWriter();
        var parsed = new AgentCommand().Create((_, _) => Task.FromResult(0)).Parse("--sever http://127.0.0.1:5100 --play x");

        Fleet.DeviceAgent.CommandLine.UsageErrors.Tell(parsed, errors).ShouldBe(1);

        errors.ToString().ShouldContain("Did you mean --server?");
    }

    [Fact]
    public async Task Script_Help_FitsAndExitsWithZero()
    {
        await using var help = TestProgram.StartCommand(Path.Combine(RepositoryPaths.Root, "fleet"), ["help"]);
        (await help.WaitForExitAsync()).ShouldBe(0);
        await using var wrong = TestProgram.StartCommand(Path.Combine(RepositoryPaths.Root, "fleet"), ["docter"]);
        (await wrong.WaitForExitAsync()).ShouldBe(1);

        string.Join('\n', help.Lines).ShouldContain("Exit codes:");
        Fit(string.Join('\n', help.Lines));
        string.Join('\n', wrong.Lines).ShouldContain("Did you mean './fleet doctor'?");
    }

    private static async Task<string> ShowAsync(Command command, string line)
    {
        using var output = new StringWriter();
        (await command.Parse(line).InvokeAsync(new InvocationConfiguration { Output = output }, CancellationToken.None)).ShouldBe(0);
        Fit(output.ToString());
        return output.ToString();
    }

    private static void Check(string text, IEnumerable<string> keys)
    {
        Fit(text);
        text.ShouldContain("Exit codes:");
        text.ShouldContain("Example");
        text.ShouldContain("docs/");
        var entries = EntryPattern().Matches(text).ToDictionary(match => match.Groups[1].Value, match => match.Value);
        foreach (var key in keys)
        {
            entries.ShouldContainKey(key);

            // A number is told with its range; so many of what, its name or its text says.
            if (DigitPattern().IsMatch(entries[key]) && RangePattern().IsMatch(entries[key]))
            {
                UnitPattern().IsMatch(entries[key]).ShouldBeTrue($"{key} has no unit: {entries[key]}");
            }
        }
    }

    private static void Fit(string text) =>
        text.Split('\n').Where(line => line.TrimEnd().Length > Widest).ShouldBeEmpty($"lines of more than {Widest} columns");

    // A key and its text, up to the next key or an empty line.
    [GeneratedRegex(@"^  ((?:Fleet|Logging):\S+)(?:.*\n)(?: {38}.*\n)*", RegexOptions.Multiline)]
    private static partial Regex EntryPattern();

    [GeneratedRegex(@"\d")]
    private static partial Regex DigitPattern();

    [GeneratedRegex(@"\d+\s+to\s+\d+")]
    private static partial Regex RangePattern();

    [GeneratedRegex(@"\b(bytes|ms|milliseconds|seconds|minutes|hours|days|connections|calls|utterances|messages|times|decoders|requests|recordings|viewers|changes|probes|silos)\b", RegexOptions.IgnoreCase)]
    private static partial Regex UnitPattern();
}
