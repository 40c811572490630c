using System.CommandLine;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Tests;

/// <summary>`fleet-cli local test`: what `./fleet test` does once everything is built.</summary>
internal static class TestCommand
{
    public static Command Create(Narrator narrator, TimeProvider time)
    {
        var artifacts = new Option<DirectoryInfo>("--artifacts") { Description = "Folder of the build outputs, one folder a flavour", Required = true };
        var flavours = new Option<string[]>("--flavour")
        {
            Description = "full or portable; of a second one only what depends on the flavour is tested",
            Required = true,
        };
        flavours.AcceptOnlyFromAmong("full", "portable");
        var all = new Option<bool>("--all") { Description = "Everything on each flavour" };
        var notRun = new Option<string[]>("--not-run") { Description = "Something that was left out, and why: repeated in the last lines" };
        var options = new Argument<string[]>("options") { Description = "Given to `dotnet test`, after --" };
        var command = new Command("test", "Runs the tests that were built. The last line: N passed, N failed, N skipped.")
        {
            artifacts, flavours, all, notRun, options,
        };
        command.SetAction((result, cancellationToken) =>
        {
            var given = result.GetValue(options) ?? [];
            var filtered = given.Any(static option => option.StartsWith("--filter", StringComparison.Ordinal));
            return new TestRunner(result.GetRequiredValue(artifacts).FullName, narrator, time).RunAsync(
                TestPlan.For(result.GetRequiredValue(flavours), result.GetValue(all), filtered),
                result.GetValue(notRun) ?? [],
                given,
                result.InvocationConfiguration.Output,
                cancellationToken);
        });
        return command;
    }
}
