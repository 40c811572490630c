using System.CommandLine;
using System.CommandLine.Help;
using Fleet.Cli.Deployment;
using Fleet.Cli.Devices;
using Fleet.Cli.History;
using Fleet.Cli.Keywords;
using Fleet.Cli.Local;
using Fleet.Cli.Retranscribe;
using Fleet.Cli.Transcribe;
using Fleet.Cli.Watch;

namespace Fleet.Cli;

/// <summary>The whole command line of the program.</summary>
internal static class RootCommandFactory
{
    private const int HelpWidth = 100;

    private const string About =
        """
        fleet-cli: for people and scripts that work with a fleet.

        Example: who is there, and what was said about coffee in the last week?
          fleet-cli devices
          fleet-cli history coffee --since 7d

        Example: a whole fleet on this machine, with 20 simulated devices (what ./fleet up does)
          fleet-cli local up --devices 20

        Example: what prevents a start?
          fleet-cli local doctor --json

        Example: secrets and certificates for containers (what docker compose up runs first)
          fleet-cli init --to /run/fleet --host fleet.example.org

        The fleet that ./fleet up runs here is found by itself (./fleet cli devices); another one is named
        by --server and --key-file, or FLEET_SERVER and FLEET_API_KEY.

        Exit codes: 0 done, 1 not done or wrong options (the last lines say why), 2 the fleet gives no
        answer: try again. More: docs/cli.md, README.md, docs/operations.md
        """;

    public static RootCommand Create(TimeProvider time)
    {
        var root = new RootCommand(About)
        {
            DevicesCommand.Create(time),
            HistoryCommand.Create(time),
            WatchCommand.Create(time),
            TranscribeCommand.Create(time),
            VersionsCommand.Create(time),
            RetranscribeCommand.Create(time),
            KeywordCommand.Create(time),
            LocalCommand.Create(time),
            InitCommand.Create(time),
            RolesCommand.Create(time),
        };

        // Lines that nobody has to drag a window for, also in a pipe, which has no width.
        foreach (var help in root.Options.Select(option => option.Action).OfType<HelpAction>())
        {
            help.MaxWidth = HelpWidth;
        }

        return root;
    }
}
