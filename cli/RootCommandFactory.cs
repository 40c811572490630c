using System.CommandLine;
using System.CommandLine.Help;
using Fleet.Cli.Deployment;
using Fleet.Cli.Local;

namespace Fleet.Cli;

/// <summary>The whole command line of the program.</summary>
internal static class RootCommandFactory
{
    private const int HelpWidth = 100;

    private const string About =
        """
        fleet-cli: for people and scripts that work with a fleet.

        Example: a whole fleet on this machine, with 20 simulated devices (what ./fleet up does)
          fleet-cli local up --devices 20

        Example: what prevents a start?
          fleet-cli local doctor --json

        Example: secrets and certificates for containers (what docker compose up runs first)
          fleet-cli init --to /run/fleet --host fleet.example.org

        Exit codes: 0 done, 1 not done or wrong options (the last lines say why).
        More: README.md, docs/operations.md
        """;

    public static RootCommand Create(TimeProvider time)
    {
        var root = new RootCommand(About) { LocalCommand.Create(time), InitCommand.Create(time), RolesCommand.Create(time) };

        // Lines that nobody has to drag a window for, also in a pipe, which has no width.
        foreach (var help in root.Options.Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = HelpWidth;
        }

        return root;
    }
}
